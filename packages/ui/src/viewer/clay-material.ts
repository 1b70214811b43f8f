import { SLOTS } from "@doppelwerk/scene";
import { Color, DoubleSide, MeshBasicMaterial, MeshLambertMaterial, ShaderMaterial, type IUniform } from "three";
import type { ViewerTheme } from "./viewer-theme.ts";

/** What each instance carries besides its matrix: state code, product index (−1 none), beacon (0 off, 1–4), fade 0…1. */
export const STATE_CODES = { running: 0, idle: 1, blocked: 2, starved: 2, setup: 4, failed: 5, off: 6, unknown: 7 } as const;

/** Uniforms shared by every clay material, so that a theme changes in one place. */
export interface ClayUniforms {
  readonly [name: string]: IUniform;
  readonly palette: IUniform<Color[]>;
  readonly products: IUniform<Color[]>;
  readonly beacons: IUniform<Color[]>;
  readonly hatch: IUniform<Color>;
  readonly idle: IUniform<Color>;
  readonly off: IUniform<Color>;
  readonly ground: IUniform<Color>;
  readonly edge: IUniform<Color>;
  readonly edgeStrength: IUniform<number>;
  readonly glassOpacity: IUniform<number>;
  readonly pixelRatio: IUniform<number>;
  /** Metres within which the hatch of a state is an even tint; 0 = nowhere. */
  readonly evenWithin: IUniform<number>;
}

export const PRODUCT_COLOURS = 6;
/** Of who walks: a hatch as fine as on a plan would stripe everything near the eye. */
export const EVEN_WITHIN_M = 24;

export function clayUniforms(): ClayUniforms {
  return {
    palette: { value: colours(SLOTS.length) },
    products: { value: colours(PRODUCT_COLOURS) },
    beacons: { value: colours(5) },
    hatch: { value: new Color() },
    idle: { value: new Color() },
    off: { value: new Color() },
    ground: { value: new Color() },
    edge: { value: new Color() },
    edgeStrength: { value: 0.4 },
    glassOpacity: { value: 0.2 },
    pixelRatio: { value: 1 },
    evenWithin: { value: 0 },
  };
}

function colours(count: number): Color[] {
  return Array.from({ length: count }, () => new Color());
}

export function paint(uniforms: ClayUniforms, theme: ViewerTheme): void {
  SLOTS.forEach((slot, i) => uniforms.palette.value[i]!.copy(theme.slots[slot]));
  for (let i = 0; i < PRODUCT_COLOURS; i++) uniforms.products.value[i]!.copy(theme.products[i % theme.products.length]!);
  uniforms.beacons.value[0]!.copy(theme.slots.beacon);
  for (const priority of [1, 2, 3, 4] as const) uniforms.beacons.value[priority]!.copy(theme.alarms[priority]);
  uniforms.hatch.value.copy(theme.hatch);
  uniforms.idle.value.copy(theme.idle);
  uniforms.off.value.copy(theme.off);
  uniforms.ground.value.copy(theme.background);
  uniforms.edge.value.copy(theme.edge);
  uniforms.edgeStrength.value = theme.edgeStrength;
  uniforms.glassOpacity.value = theme.glassOpacity;
}

const slotIndex = (slot: (typeof SLOTS)[number]): number => SLOTS.indexOf(slot);

/** Lines lie on bodies: these are pushed back a little. */
const BEHIND_LINES = { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 } as const;

/** How far away clay is, without its colour. */
export function depthMaterial(): MeshBasicMaterial {
  return new MeshBasicMaterial({ ...BEHIND_LINES, colorWrite: false });
}

/** Matt clay: Lambert light on a palette looked up by slot; states are patterns in the grey, never hues. */
export function clayMaterial(uniforms: ClayUniforms): MeshLambertMaterial {
  const material = new MeshLambertMaterial(BEHIND_LINES);
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = shader.vertexShader
      .replace(
        "#include <common>",
        "#include <common>\nattribute float slot;\nattribute vec4 marks;\nvarying float vSlot;\nvarying vec4 vMarks;\nvarying float vHeight;\nvarying float vDepth;",
      )
      .replace(
        "#include <begin_vertex>",
        "#include <begin_vertex>\nvSlot = slot;\nvMarks = marks;\nvHeight = (modelMatrix * instanceMatrix * vec4(position, 1.0)).y;\nvDepth = -(modelViewMatrix * instanceMatrix * vec4(position, 1.0)).z;",
      );
    shader.fragmentShader = shader.fragmentShader
      .replace(
        "#include <common>",
        `#include <common>
varying float vSlot;
varying vec4 vMarks;
varying float vHeight;
varying float vDepth;
uniform float evenWithin;
uniform vec3 palette[${SLOTS.length}];
uniform vec3 products[${PRODUCT_COLOURS}];
uniform vec3 beacons[5];
uniform vec3 hatch;
uniform vec3 idle;
uniform vec3 off;
uniform vec3 ground;
uniform float pixelRatio;`,
      )
      .replace(
        "#include <color_fragment>",
        `int slotAt = int(vSlot + 0.5);
vec3 clay = palette[slotAt];
if (slotAt == ${slotIndex("product")} && vMarks.y >= 0.0) clay = products[int(vMarks.y + 0.5)];
float stateAt = floor(vMarks.x + 0.5);
if (stateAt == 1.0) clay = mix(clay, idle, 0.45);
float drawn = evenWithin > 0.0 ? smoothstep(0.6 * evenWithin, evenWithin, vDepth) : 1.0;
if (stateAt == 2.0) { float s = fract((gl_FragCoord.x + gl_FragCoord.y) / (7.0 * pixelRatio)); clay = mix(clay, hatch, 0.34 * mix(0.4, 1.0 - smoothstep(0.14, 0.26, abs(s - 0.5)), drawn)); }
if (stateAt == 6.0) clay = mix(clay, off, 0.6);
if (stateAt == 7.0) { vec2 q = fract(gl_FragCoord.xy / (5.0 * pixelRatio)) - 0.5; clay = mix(mix(clay, ground, 0.45), hatch, 0.5 * mix(0.12, 1.0 - smoothstep(0.14, 0.24, length(q)), drawn)); }
clay = mix(clay, ground, vMarks.w);
diffuseColor.rgb = clay;
diffuseColor.rgb *= mix(0.78, 1.0, smoothstep(0.0, 0.6, vHeight));`,
      )
      .replace(
        "#include <opaque_fragment>",
        `if (slotAt == ${slotIndex("beacon")}) { vec3 lamp = beacons[int(vMarks.z + 0.5)]; outgoingLight = vMarks.z > 0.5 ? lamp : outgoingLight; }
if (slotAt == ${slotIndex("floor")} || slotAt == ${slotIndex("mark")}) outgoingLight = palette[slotAt];
#include <opaque_fragment>`,
      );
  };
  return material;
}

/** Panes: a flat tint, drawn after the solid things, never lit so that they stay calm. */
export function glassMaterial(uniforms: ClayUniforms): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: uniforms as unknown as Record<string, IUniform>,
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    vertexShader:
      "varying vec3 vNormalView;\nvoid main() { mat4 m = modelViewMatrix * instanceMatrix; vNormalView = normalize(mat3(m) * normal); gl_Position = projectionMatrix * m * vec4(position, 1.0); }",
    fragmentShader: `uniform vec3 palette[${SLOTS.length}];
uniform float glassOpacity;
varying vec3 vNormalView;
void main() {
  float rim = 1.0 - abs(vNormalView.z);
  gl_FragColor = vec4(palette[${slotIndex("glass")}], glassOpacity * (0.7 + 0.6 * rim));
  #include <colorspace_fragment>
}`,
  });
}

/** Silhouette lines: one pixel, thinner to the eye with distance. */
export function edgeMaterial(uniforms: ClayUniforms): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: uniforms as unknown as Record<string, IUniform>,
    transparent: true,
    depthWrite: false,
    vertexShader: `attribute vec4 row0; attribute vec4 row1; attribute vec4 row2; attribute vec4 marks;
varying float vFade; varying float vState;
void main() {
  vec4 local = vec4(position, 1.0);
  vec4 world = vec4(dot(row0, local), dot(row1, local), dot(row2, local), 1.0);
  vec4 view = viewMatrix * world;
  vFade = (1.0 - marks.w) / (1.0 + max(0.0, -view.z - 12.0) / 34.0);
  vState = marks.x;
  gl_Position = projectionMatrix * view;
}`,
    fragmentShader: `uniform vec3 edge; uniform float edgeStrength; varying float vFade; varying float vState;
void main() {
  float strength = edgeStrength * vFade * (vState == 4.0 ? 1.8 : 1.0);
  gl_FragColor = vec4(edge, min(1.0, strength));
  #include <colorspace_fragment>
}`,
  });
}
