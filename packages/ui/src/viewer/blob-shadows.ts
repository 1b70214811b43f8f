import type { Pose } from "@doppelwerk/scene";
import { Color, InstancedBufferAttribute, InstancedMesh, Matrix4, PlaneGeometry, Quaternion, ShaderMaterial, Vector3 } from "three";
import type { ViewerTheme } from "./viewer-theme.ts";

const LIFT_M = 0.012;
const UP = new Vector3(0, 1, 0);

/** Soft contact shadows on the floor under what moves: one draw call, no shadow map to render again. */
export class BlobShadows {
  mesh: InstancedMesh;
  #geometry = new PlaneGeometry(1, 1).rotateX(-Math.PI / 2);
  #material = new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { shade: { value: new Color() }, strength: { value: 0.4 } },
    vertexShader:
      "attribute float weight; varying vec2 at; varying float vWeight; void main() { at = uv * 2.0 - 1.0; vWeight = weight; gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0); }",
    fragmentShader: `uniform vec3 shade; uniform float strength; varying vec2 at; varying float vWeight;
void main() {
  vec2 q = max(abs(at) - 0.45, 0.0) / 0.55;
  float cover = 1.0 - smoothstep(0.0, 1.0, length(q));
  gl_FragColor = vec4(shade, cover * strength * vWeight);
  #include <colorspace_fragment>
}`,
  });
  #weights: InstancedBufferAttribute;
  #capacity = 512;
  #count = 0;
  #matrix = new Matrix4();
  #turn = new Quaternion();
  #at = new Vector3();
  #scale = new Vector3();

  constructor() {
    this.#weights = new InstancedBufferAttribute(new Float32Array(this.#capacity), 1);
    this.#geometry.setAttribute("weight", this.#weights);
    this.mesh = new InstancedMesh(this.#geometry, this.#material, this.#capacity);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = -1;
  }

  setTheme(theme: ViewerTheme): void {
    this.#material.uniforms["shade"]!.value.copy(theme.shadow);
    this.#material.uniforms["strength"]!.value = theme.contactStrength;
  }

  begin(): void {
    this.#count = 0;
  }

  /** What is beyond the capacity goes without. */
  add(pose: Pose, lengthM: number, widthM: number, weight: number): void {
    if (this.#count >= this.#capacity) return;
    this.#matrix.compose(
      this.#at.set(pose.position[0], LIFT_M, pose.position[2]),
      this.#turn.setFromAxisAngle(UP, pose.turn),
      this.#scale.set(lengthM, 1, widthM),
    );
    this.mesh.setMatrixAt(this.#count, this.#matrix);
    this.#weights.setX(this.#count, weight);
    this.#count++;
  }

  end(): void {
    this.mesh.count = this.#count;
    this.mesh.visible = this.#count > 0;
    this.mesh.instanceMatrix.needsUpdate = true;
    this.#weights.needsUpdate = true;
  }

  dispose(): void {
    this.#geometry.dispose();
    this.#material.dispose();
    this.mesh.dispose();
  }
}
