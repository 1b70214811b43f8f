import {
  DynamicDrawUsage,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  BufferAttribute,
  InstancedMesh,
  LineSegments,
  Matrix4,
  Sphere,
  type Material,
} from "three";
import type { PartGeometry } from "./part-geometry.ts";

/** The three materials every group shares. */
export interface ClayMaterials {
  readonly solid: Material;
  readonly glass: Material;
  readonly edges: Material;
}

/** Every instance of one mesh: a solid, panes and lines drawn with one call each. Grows by doubling. */
export class InstanceGroup {
  /** All of it; who draws panes or lines apart takes them out. */
  readonly root = new Group();
  readonly panes = new Group();
  readonly lines = new Group();
  readonly geometry: PartGeometry;
  #materials: ClayMaterials;
  #capacity = 0;
  #count = 0;
  #matrices = new Float32Array(0);
  #solid: InstancedMesh | undefined;
  #glass: InstancedMesh | undefined;
  #edges: LineSegments | undefined;
  #marks: InstancedBufferAttribute | undefined;
  #rows: InstancedBufferAttribute[] = [];
  #castShadow: boolean;

  constructor(geometry: PartGeometry, materials: ClayMaterials, capacity: number, castShadow: boolean) {
    this.geometry = geometry;
    this.#materials = materials;
    this.#castShadow = castShadow;
    this.root.add(this.panes, this.lines);
    this.#allocate(Math.max(1, capacity));
  }

  set visible(value: boolean) {
    for (const group of [this.root, this.panes, this.lines]) group.visible = value && this.#count > 0;
  }

  get count(): number {
    return this.#count;
  }

  set count(value: number) {
    if (value > this.#capacity) this.#allocate(Math.max(value, this.#capacity * 2));
    this.#count = value;
    for (const mesh of [this.#solid, this.#glass]) if (mesh !== undefined) mesh.count = value;
    if (this.#edges !== undefined) {
      (this.#edges.geometry as InstancedBufferGeometry).instanceCount = value;
      this.#edges.visible = value > 0;
    }
    this.visible = value > 0;
  }

  set edgesVisible(value: boolean) {
    if (this.#edges !== undefined) this.#edges.visible = value && this.#count > 0;
  }

  setMatrix(index: number, matrix: Matrix4): void {
    matrix.toArray(this.#matrices, index * 16);
    const e = matrix.elements;
    this.#rows.forEach((row, i) => row.setXYZW(index, e[i]!, e[4 + i]!, e[8 + i]!, e[12 + i]!));
  }

  matrixAt(index: number, target: Matrix4): Matrix4 {
    return target.fromArray(this.#matrices, index * 16);
  }

  setMarks(index: number, state: number, product: number, beacon: number, fade: number): void {
    this.#marks?.setXYZW(index, state, product, beacon, fade);
  }

  /** Uploads what was set. */
  flush(): void {
    for (const mesh of [this.#solid, this.#glass]) if (mesh !== undefined) mesh.instanceMatrix.needsUpdate = true;
    for (const row of this.#rows) row.needsUpdate = true;
    if (this.#marks !== undefined) this.#marks.needsUpdate = true;
  }

  /** Bounds for culling, after matrices changed. */
  bound(): void {
    const sphere = new Sphere();
    sphere.makeEmpty();
    const own = new Sphere();
    const matrix = new Matrix4();
    const base = this.geometry.solid?.boundingSphere ?? this.geometry.glass?.boundingSphere;
    if (!base) return;
    for (let i = 0; i < this.#count; i++) sphere.union(own.copy(base).applyMatrix4(this.matrixAt(i, matrix)));
    for (const mesh of [this.#solid, this.#glass]) if (mesh !== undefined) mesh.boundingSphere = sphere;
    if (this.#edges !== undefined) this.#edges.geometry.boundingSphere = sphere;
  }

  /** Movers are everywhere: never culled as a group. */
  set culled(value: boolean) {
    for (const mesh of [this.#solid, this.#glass, this.#edges]) if (mesh !== undefined) mesh.frustumCulled = value;
  }

  dispose(): void {
    this.#release();
    for (const group of [this.root, this.panes, this.lines]) group.removeFromParent();
    this.geometry.solid?.dispose();
    this.geometry.glass?.dispose();
  }

  #release(): void {
    for (const mesh of [this.#solid, this.#glass, this.#edges]) mesh?.removeFromParent();
    this.#solid?.dispose();
    this.#glass?.dispose();
    this.#edges?.geometry.dispose();
  }

  #allocate(capacity: number): void {
    const before = this.#matrices;
    const marksBefore = this.#marks?.array;
    this.#release();
    this.#capacity = capacity;
    this.#matrices = new Float32Array(capacity * 16);
    this.#matrices.set(before);
    const marks = new Float32Array(capacity * 4);
    if (marksBefore !== undefined) marks.set(marksBefore as Float32Array);
    else for (let i = 0; i < capacity; i++) marks[i * 4 + 1] = -1;
    this.#marks = dynamic(new InstancedBufferAttribute(marks, 4));
    this.#rows = [0, 1, 2].map(() => dynamic(new InstancedBufferAttribute(new Float32Array(capacity * 4), 4)));
    if (this.geometry.solid !== undefined) {
      this.geometry.solid.setAttribute("marks", this.#marks);
      this.#solid = this.#mesh(this.geometry.solid, this.#materials.solid, this.#castShadow);
      this.root.add(this.#solid);
      this.#solid.receiveShadow = true;
    }
    if (this.geometry.glass !== undefined) {
      this.#glass = this.#mesh(this.geometry.glass, this.#materials.glass, false);
      this.panes.add(this.#glass);
    }
    if (this.geometry.lines.length > 0) this.#edges = this.#lines();
    const matrix = new Matrix4();
    for (let i = 0; i < this.#count; i++) this.setMatrix(i, this.matrixAt(i, matrix));
    this.count = Math.min(this.#count, capacity);
  }

  #mesh(geometry: import("three").BufferGeometry, material: Material, castShadow: boolean): InstancedMesh {
    const mesh = new InstancedMesh(geometry, material, this.#capacity);
    mesh.instanceMatrix = dynamic(new InstancedBufferAttribute(this.#matrices, 16));
    mesh.castShadow = castShadow;
    mesh.matrixAutoUpdate = false;
    return mesh;
  }

  #lines(): LineSegments {
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(this.geometry.lines, 3));
    this.#rows.forEach((row, i) => geometry.setAttribute(`row${i}`, row));
    geometry.setAttribute("marks", this.#marks!);
    const lines = new LineSegments(geometry, this.#materials.edges);
    lines.renderOrder = 2;
    lines.matrixAutoUpdate = false;
    this.lines.add(lines);
    return lines;
  }
}

function dynamic<T extends InstancedBufferAttribute>(attribute: T): T {
  attribute.setUsage(DynamicDrawUsage);
  return attribute;
}
