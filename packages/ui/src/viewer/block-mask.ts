import { BoxGeometry, InstancedBufferAttribute, InstancedMesh, ShaderMaterial, type Color } from "three";
import type { ShownBlock } from "./station-blocks.ts";

/** A block that is outlined: its hue, and the code of its style from 0 to 1. */
export interface MaskedBlock {
  readonly block: ShownBlock;
  readonly colour: Color;
  readonly style: number;
}

/** Outlined blocks drawn flat into the mask of the outlines, with one call however many there are. */
export class BlockMask {
  #geometry = new BoxGeometry(1, 1, 1).translate(0, 0.5, 0);
  #material = new ShaderMaterial({
    depthTest: false,
    depthWrite: false,
    vertexShader: `attribute vec4 outline; varying vec4 shown;
void main() { shown = outline; gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0); }`,
    fragmentShader: "varying vec4 shown; void main() { gl_FragColor = shown; }",
  });
  #mesh: InstancedMesh | undefined;
  #outlines = new InstancedBufferAttribute(new Float32Array(0), 4);

  /** The mesh of these blocks, later ones over earlier ones; undefined when there is none. */
  set(blocks: readonly MaskedBlock[]): InstancedMesh | undefined {
    if (blocks.length === 0) return undefined;
    const mesh = this.#meshOf(blocks.length);
    mesh.count = blocks.length;
    blocks.forEach(({ block, colour: { r, g, b }, style }, index) => {
      mesh.setMatrixAt(index, block.matrix);
      this.#outlines.setXYZW(index, r, g, b, style);
    });
    mesh.instanceMatrix.needsUpdate = this.#outlines.needsUpdate = true;
    return mesh;
  }

  dispose(): void {
    this.#mesh?.dispose();
    this.#geometry.dispose();
    this.#material.dispose();
  }

  /** Grows by doubling. */
  #meshOf(count: number): InstancedMesh {
    const room = this.#outlines.count;
    if (this.#mesh !== undefined && count <= room) return this.#mesh;
    this.#mesh?.dispose();
    this.#geometry.dispose();
    const capacity = Math.max(count, room * 2);
    this.#outlines = new InstancedBufferAttribute(new Float32Array(capacity * 4), 4);
    this.#geometry.setAttribute("outline", this.#outlines);
    this.#mesh = new InstancedMesh(this.#geometry, this.#material, capacity);
    this.#mesh.matrixAutoUpdate = false;
    this.#mesh.frustumCulled = false;
    // bodies lie over blocks
    this.#mesh.renderOrder = -1;
    return this.#mesh;
  }
}
