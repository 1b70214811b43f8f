import { Frustum, Matrix4, Vector3, type Box3, type PerspectiveCamera, type WebGLRenderer } from "three";

/** Pixels of the drawing buffer, from its lower left corner. */
export interface ScreenRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What boxes cover on a screen of this size, with a margin in pixels; undefined when nothing of them is on it. A box that reaches behind the eye covers everything. */
export function screenRect(
  boxes: Iterable<Box3>,
  camera: PerspectiveCamera,
  size: { readonly x: number; readonly y: number },
  margin: number,
): ScreenRect | undefined {
  const corner = new Vector3();
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { min, max } of boxes) {
    for (let i = 0; i < 8; i++) {
      corner.set(i & 1 ? max.x : min.x, i & 2 ? max.y : min.y, i & 4 ? max.z : min.z).applyMatrix4(camera.matrixWorldInverse);
      if (corner.z > -camera.near) return { x: 0, y: 0, width: size.x, height: size.y };
      corner.applyMatrix4(camera.projectionMatrix);
      left = Math.min(left, corner.x);
      right = Math.max(right, corner.x);
      bottom = Math.min(bottom, corner.y);
      top = Math.max(top, corner.y);
    }
  }
  const pixel = (share: number, most: number, by: number): number => Math.min(most, Math.max(0, Math.round(((share + 1) / 2) * most + by)));
  const [x, y] = [pixel(left, size.x, -margin), pixel(bottom, size.y, -margin)];
  const [width, height] = [pixel(right, size.x, margin) - x, pixel(top, size.y, margin) - y];
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** The same pixels in rectangles that do not overlap: those that do become one. */
export function apart(rects: readonly ScreenRect[]): readonly ScreenRect[] {
  const done: ScreenRect[] = [];
  for (let rect of rects) {
    for (let at = 0; at < done.length;) {
      const other = done[at]!;
      const x = Math.min(rect.x, other.x);
      const y = Math.min(rect.y, other.y);
      const width = Math.max(rect.x + rect.width, other.x + other.width) - x;
      const height = Math.max(rect.y + rect.height, other.y + other.height) - y;
      if (width >= rect.width + other.width || height >= rect.height + other.height) {
        at++;
        continue;
      }
      rect = { x, y, width, height };
      done.splice(at, 1);
      // what it did not touch before it may touch now
      at = 0;
    }
    done.push(rect);
  }
  return done;
}

/** What can be seen of the world through a part of the screen. */
export function frustumOf(rect: ScreenRect, camera: PerspectiveCamera, size: { readonly x: number; readonly y: number }): Frustum {
  const [scaleX, scaleY] = [size.x / rect.width, size.y / rect.height];
  const [middleX, middleY] = [((rect.x + rect.width / 2) / size.x) * 2 - 1, ((rect.y + rect.height / 2) / size.y) * 2 - 1];
  const crop = new Matrix4().set(scaleX, 0, 0, -middleX * scaleX, 0, scaleY, 0, -middleY * scaleY, 0, 0, 1, 0, 0, 0, 0, 1);
  return new Frustum().setFromProjectionMatrix(crop.multiply(camera.projectionMatrix).multiply(camera.matrixWorldInverse));
}

/** Draws into a part of the screen only. */
export function within(renderer: WebGLRenderer, rect: ScreenRect, draw: () => void): void {
  const ratio = renderer.getPixelRatio();
  renderer.setScissor(rect.x / ratio, rect.y / ratio, rect.width / ratio, rect.height / ratio);
  renderer.setScissorTest(true);
  draw();
  renderer.setScissorTest(false);
}
