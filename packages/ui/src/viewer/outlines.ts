import {
  Color,
  DoubleSide,
  Mesh,
  NearestFilter,
  OrthographicCamera,
  PlaneGeometry,
  Scene,
  ShaderMaterial,
  Vector2,
  WebGLRenderTarget,
  type Box3,
  type Matrix4,
  type PerspectiveCamera,
  type WebGLRenderer,
} from "three";
import { BlockMask } from "./block-mask.ts";
import { apart, screenRect, within } from "./screen-rect.ts";
import type { InstanceGroup } from "./instance-group.ts";
import type { DrawnPart } from "./drawn-part.ts";
import type { ShownBlock } from "./station-blocks.ts";

export type OutlineStyle = "solid" | "dashed" | "dotted";

interface OutlineLook {
  readonly colour: Color;
  readonly style: OutlineStyle;
}

interface OutlineOfParts extends OutlineLook {
  readonly parts: readonly DrawnPart[];
}

interface OutlineOfBlock extends OutlineLook {
  readonly block: ShownBlock;
}

/** What is outlined, its hue and its style. Later entries lie over earlier ones, and parts over blocks. */
export type Outline = OutlineOfParts | OutlineOfBlock;

const WIDTH_PX = 2;
/** An arm reaches out of the box of its foot. */
const REACH_M = 2.5;

const STYLE_ALPHA: Readonly<Record<OutlineStyle, number>> = { solid: 1, dashed: 0.75, dotted: 0.5 };

/** Outlines of constant width round whole subjects: their shapes are drawn flat into a mask, and the mask's rim onto the screen. Costs nothing while nothing is outlined. */
export class Outlines {
  #scene = new Scene();
  #target = new WebGLRenderTarget(1, 1, { minFilter: NearestFilter, magFilter: NearestFilter, depthBuffer: false });
  #screen = new Scene();
  #flat = new OrthographicCamera(-1, 1, 1, -1, 0, 1);
  #plane = new PlaneGeometry(2, 2);
  #composite = new ShaderMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    uniforms: { mask: { value: this.#target.texture }, texel: { value: new Vector2() }, width: { value: WIDTH_PX } },
    vertexShader: "varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }",
    fragmentShader: `varying vec2 at; uniform sampler2D mask; uniform vec2 texel; uniform float width;
void main() {
  // The mask is twice as fine as the screen: the share of four texels smooths the inner rim, the ring of samples the outer.
  float inside = 0.0;
  for (int i = 0; i < 4; i++) inside += step(0.1, texture2D(mask, at + (vec2(float(i / 2), mod(float(i), 2.0)) - 0.5) * texel * 0.5).a) * 0.25;
  if (inside > 0.99) discard;
  vec4 rim = vec4(0.0); float hits = 0.0;
  for (int i = 0; i < 16; i++) {
    float a = float(i) * 0.39269908;
    vec4 other = texture2D(mask, at + vec2(cos(a), sin(a)) * texel * width);
    if (other.a > 0.1) { rim = other; hits += 1.0; }
  }
  if (hits < 0.5) discard;
  float cover = smoothstep(0.0, 5.0, hits) * (1.0 - inside);
  vec2 pixel = gl_FragCoord.xy;
  if (rim.a < 0.85 && rim.a > 0.6 && fract((pixel.x + pixel.y) / 12.0) > 0.55) discard;
  if (rim.a < 0.6 && fract((pixel.x - pixel.y) / 6.0) > 0.5) discard;
  gl_FragColor = vec4(rim.rgb, cover);
  #include <colorspace_fragment>
}`,
  });
  #materials: ShaderMaterial[] = [];
  #blocks = new BlockMask();
  #shown = "";
  /** What is one part of the screen: of each outline of parts, and of the outlined blocks of each line. */
  #boxes: readonly (readonly Box3[])[] = [];
  #size = new Vector2(1, 1);

  constructor() {
    this.#screen.add(new Mesh(this.#plane, this.#composite));
  }

  /** Meshes that are drawn into the mask. */
  get meshes(): number {
    return this.#scene.children.length;
  }

  setSize(width: number, height: number, pixelRatio: number): void {
    const fine = pixelRatio < 2 ? 2 : 1;
    this.#size.set(width, height);
    this.#target.setSize(width * fine, height * fine);
    this.#composite.uniforms["texel"]!.value.set(1 / width, 1 / height);
    this.#composite.uniforms["width"]!.value = WIDTH_PX * pixelRatio;
  }

  /** Rebuilds only when something else is outlined; materials are kept, so that their programs are. */
  set(outlines: readonly Outline[], generation: number): void {
    const shown = `${generation}|${outlines.map((outline) => `${outline.style} ${outline.colour.getHexString()} ${namesOf(outline)}`).join("|")}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#scene.clear();
    const ofParts = outlines.filter((outline) => "parts" in outline);
    const ofBlocks = outlines.filter((outline) => "block" in outline);
    const blocks = this.#blocks.set(ofBlocks.map(({ style, ...outline }) => ({ ...outline, style: STYLE_ALPHA[style] })));
    if (blocks !== undefined) this.#scene.add(blocks);
    ofParts.forEach((outline, order) => {
      const material = (this.#materials[order] ??= maskMaterial());
      material.uniforms["colour"]!.value.copy(outline.colour);
      material.uniforms["style"]!.value = STYLE_ALPHA[outline.style];
      for (const drawn of outline.parts) for (const mesh of meshesOf(drawn, material, order)) this.#scene.add(mesh);
    });
    this.#boxes = [
      ...ofParts.map(({ parts }) => parts.map(({ box, model }) => (model.links.length > 0 ? box.clone().expandByScalar(REACH_M) : box))),
      ...Array.from(Map.groupBy(ofBlocks, ({ block }) => block.cluster).values(), (line) => line.map(({ block }) => block.box)),
    ];
  }

  /** Follows instances that moved since `set`; touches only those parts of the screen that outlines are on. */
  render(renderer: WebGLRenderer, camera: PerspectiveCamera): void {
    const margin = 4 * (this.#composite.uniforms["width"]!.value as number);
    const rects = this.#boxes.flatMap((boxes) => screenRect(boxes, camera, this.#size, margin) ?? []);
    if (rects.length === 0) return;
    for (const child of this.#scene.children) (child as MaskMesh).follow?.();
    const clearAlpha = renderer.getClearAlpha();
    const clearColour = renderer.getClearColor(new Color());
    renderer.setRenderTarget(this.#target);
    renderer.setClearColor(clearColour, 0);
    renderer.clear();
    renderer.render(this.#scene, camera);
    renderer.setRenderTarget(null);
    renderer.setClearColor(clearColour, clearAlpha);
    renderer.autoClear = false;
    for (const rect of apart(rects)) within(renderer, rect, () => renderer.render(this.#screen, this.#flat));
    renderer.autoClear = true;
  }

  dispose(): void {
    this.#target.dispose();
    this.#blocks.dispose();
    this.#plane.dispose();
    this.#composite.dispose();
    for (const material of this.#materials) material.dispose();
  }
}

function namesOf(outline: Outline): string {
  return "parts" in outline ? outline.parts.map(({ part }) => part.id).join(",") : `block ${outline.block.stationId}`;
}

class MaskMesh extends Mesh {
  follow: (() => void) | undefined;
}

function meshesOf(drawn: DrawnPart, material: ShaderMaterial, order: number): readonly MaskMesh[] {
  if (drawn.part.kind === "person") return [];
  return drawn.slots.flatMap(({ group, index }, i) => {
    if (i === 1 || group.geometry.solid === undefined) return [];
    const mesh = new MaskMesh(group.geometry.solid, material);
    mesh.matrixAutoUpdate = false;
    mesh.frustumCulled = false;
    mesh.renderOrder = order;
    mesh.follow = () => followInstance(mesh.matrix, group, index, mesh);
    return [mesh];
  });
}

function followInstance(matrix: Matrix4, group: InstanceGroup, index: number, mesh: Mesh): void {
  group.matrixAt(index, matrix);
  mesh.matrixWorldNeedsUpdate = true;
}

function maskMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    depthTest: false,
    depthWrite: false,
    side: DoubleSide,
    uniforms: { colour: { value: new Color() }, style: { value: 1 } },
    vertexShader: "void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }",
    fragmentShader: "uniform vec3 colour; uniform float style; void main() { gl_FragColor = vec4(colour, style); }",
  });
}
