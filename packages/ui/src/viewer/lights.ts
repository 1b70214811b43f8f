import type { Stage } from "@doppelwerk/scene";
import { Color, DirectionalLight, Group, HemisphereLight, Vector3 } from "three";
import type { ViewerTheme } from "./viewer-theme.ts";

/** A soft sky, a sun that casts the one shadow, and a little light from the other side. */
export class Lights {
  readonly root = new Group();
  #sky = new HemisphereLight();
  #sun = new DirectionalLight();
  #fill = new DirectionalLight();

  constructor() {
    this.root.add(this.#sky, this.#sun, this.#sun.target, this.#fill);
    this.#sun.castShadow = true;
    this.#sun.shadow.mapSize.set(4096, 4096);
    this.#sun.shadow.normalBias = 0.03;
    this.#sun.shadow.bias = -0.0004;
    this.#sun.shadow.radius = 2.2;
    this.root.updateMatrixWorld();
  }

  setTheme(theme: ViewerTheme): void {
    const white = new Color(1, 1, 1);
    this.#sky.color.copy(white);
    this.#sky.groundColor.copy(theme.background).lerp(white, 0.25).multiplyScalar(0.62);
    this.#sky.intensity = theme.sky;
    this.#sun.intensity = theme.sun;
    this.#fill.intensity = theme.fill;
  }

  /** The sun's shadow covers the stage and no more. */
  aim({ bounds: { min, max } }: Stage): void {
    const centre = new Vector3((min[0] + max[0]) / 2, 0, (min[2] + max[2]) / 2);
    const reach = Math.hypot(max[0] - min[0], max[2] - min[2]) / 2 + 3;
    const direction = new Vector3(-0.5, 1, 0.42).normalize();
    this.#sun.target.position.copy(centre);
    this.#sun.position.copy(centre).addScaledVector(direction, reach * 1.6);
    this.#fill.position.copy(centre).add(new Vector3(reach, reach * 0.5, -reach));
    const camera = this.#sun.shadow.camera;
    Object.assign(camera, { left: -reach, right: reach, top: reach * 0.72, bottom: -reach * 0.72, near: 0.5, far: reach * 3.4 });
    camera.updateProjectionMatrix();
    this.root.updateMatrixWorld();
  }

  dispose(): void {
    this.#sun.shadow.map?.dispose();
  }
}
