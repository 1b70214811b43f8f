import {
  AlwaysDepth,
  DepthTexture,
  FramebufferTexture,
  Mesh,
  OrthographicCamera,
  PlaneGeometry,
  RawShaderMaterial,
  Scene,
  GLSL3,
  UnsignedIntType,
  WebGLRenderTarget,
  type PerspectiveCamera,
  type WebGLRenderer,
} from "three";
import type { ScreenRect } from "./screen-rect.ts";

/** What the viewer draws of what stands. */
export interface StillScene {
  /** With its colours; only what lies within a part of the screen when one is given. */
  draw(within?: ScreenRect): void;
  /** Only how far away it is. */
  drawDepth(): void;
}

/**
 * The picture of what stands, kept with its depth. While neither it nor the eye moves a frame costs a copy and what moves: on a machine without a graphics
 * card a tenth of the whole. Pixel by pixel what was drawn when it was taken.
 */
export class StillPicture {
  #colour: FramebufferTexture | undefined;
  #depth: WebGLRenderTarget | undefined;
  #scene = new Scene();
  #flat = new OrthographicCamera(-1, 1, 1, -1, 0, 1);
  #plane = new PlaneGeometry(2, 2);
  #copy = new RawShaderMaterial({
    glslVersion: GLSL3,
    depthFunc: AlwaysDepth,
    uniforms: { colour: { value: null }, depth: { value: null } },
    vertexShader: "in vec3 position; void main() { gl_Position = vec4(position.xy, 0.0, 1.0); }",
    fragmentShader: `precision highp float; precision highp sampler2D; uniform sampler2D colour; uniform sampler2D depth; out vec4 pixel;
void main() { ivec2 at = ivec2(gl_FragCoord.xy); pixel = vec4(texelFetch(colour, at, 0).rgb, 1.0); gl_FragDepth = texelFetch(depth, at, 0).r; }`,
  });
  /** From where the last frame was seen, and whether its picture is kept. */
  #eye: readonly number[] = [];
  #isTaken = false;

  constructor() {
    const quad = new Mesh(this.#plane, this.#copy);
    quad.frustumCulled = false;
    this.#scene.add(quad);
  }

  /** Something that stands looks different everywhere. */
  forget(): void {
    this.#isTaken = false;
  }

  /** Another size of the drawing buffer. */
  setSize(width: number, height: number): void {
    this.#release();
    this.#colour = new FramebufferTexture(width, height);
    this.#depth = new WebGLRenderTarget(width, height, { depthTexture: new DepthTexture(width, height, UnsignedIntType) });
    this.#copy.uniforms["colour"]!.value = this.#colour;
    this.#copy.uniforms["depth"]!.value = this.#depth.depthTexture;
  }

  /**
   * Brings what stands onto the screen, colour and depth. Where the eye moves it is drawn; where it rests the picture is taken and shown from then on,
   * and of what changed only that part of the screen is drawn again. True = it was drawn.
   */
  show(renderer: WebGLRenderer, camera: PerspectiveCamera, scene: StillScene, changed: ScreenRect | undefined): boolean {
    const eye = [...camera.matrixWorld.elements, ...camera.projectionMatrix.elements];
    const rests = eye.every((number, i) => number === this.#eye[i]);
    this.#eye = eye;
    if (!rests) {
      this.#isTaken = false;
      scene.draw();
      return true;
    }
    if (this.#isTaken && changed === undefined) {
      this.#paste(renderer);
      return false;
    }
    if (this.#isTaken) {
      this.#paste(renderer);
      scene.draw(changed);
    } else {
      renderer.setRenderTarget(this.#depth!);
      scene.drawDepth();
      renderer.setRenderTarget(null);
      scene.draw();
      this.#isTaken = true;
    }
    renderer.copyFramebufferToTexture(this.#colour!);
    // the edges of what is drawn now are finer than the kept depth: pasted, every frame of one instant is the same
    this.#paste(renderer);
    return true;
  }

  dispose(): void {
    this.#release();
    this.#plane.dispose();
    this.#copy.dispose();
  }

  #paste(renderer: WebGLRenderer): void {
    renderer.autoClear = false;
    renderer.render(this.#scene, this.#flat);
    renderer.autoClear = true;
  }

  #release(): void {
    this.#isTaken = false;
    this.#colour?.dispose();
    this.#depth?.depthTexture?.dispose();
    this.#depth?.dispose();
  }
}
