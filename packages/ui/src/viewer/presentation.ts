import type { Color, WebGLRenderer } from "three";

/** Names of renderers without a graphics card: SwiftShader, llvmpipe, softpipe, the Basic Render Driver of Windows. */
const BY_PROCESSOR = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * The canvas on the page. With a graphics card it is the renderer's own. Without one the page reads that canvas back whenever it shows itself, and waits in its
 * main thread until the frame is drawn: there the renderer's canvas is not on the page, and a finished frame is copied to one that is.
 */
export class Presentation {
  readonly canvas: HTMLCanvasElement;
  /** A frame is on the page when it is presented, not when it is drawn. */
  readonly isLater: boolean;
  readonly #renderer: WebGLRenderer;
  readonly #drawn: HTMLCanvasElement;
  #isPresented = false;
  readonly #context: CanvasRenderingContext2D | null;

  constructor(renderer: WebGLRenderer) {
    this.#renderer = renderer;
    this.#drawn = renderer.domElement;
    const copy = isByProcessor(renderer.getContext()) ? document.createElement("canvas") : undefined;
    this.#context = copy?.getContext("2d", { alpha: false }) ?? null;
    this.isLater = copy !== undefined && this.#context !== null;
    this.canvas = this.isLater ? copy! : this.#drawn;
    Object.assign(this.canvas.style, {
      display: "block",
      position: "absolute",
      inset: "0",
      width: "100%",
      height: "100%",
      touchAction: "none",
      outline: "none",
    });
    this.canvas.tabIndex = 0;
  }

  /** An opaque canvas is black until something is drawn, the first time and after another size: it takes the colour of the empty stage. */
  blank(background: Color): void {
    if (this.#context === null) return this.#renderer.clear();
    if (this.#isPresented) return;
    this.#context.fillStyle = background.getStyle();
    this.#context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** The renderer has finished a frame. */
  present(): void {
    if (this.#context === null) return;
    this.#isPresented = true;
    const { width, height } = this.#drawn;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.#context.drawImage(this.#drawn, 0, 0);
  }

  dispose(): void {
    this.canvas.remove();
  }
}

function isByProcessor(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return names !== null && BY_PROCESSOR.test(String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)));
}
