import { SLOTS, type PartMesh } from "@doppelwerk/scene";
import { BufferAttribute, BufferGeometry } from "three";

/** A mesh of the library ready for the GPU: solid faces with their slot, panes, lines. */
export interface PartGeometry {
  readonly solid: BufferGeometry | undefined;
  readonly glass: BufferGeometry | undefined;
  readonly lines: Float32Array;
  readonly triangles: number;
}

export function partGeometry(mesh: PartMesh): PartGeometry {
  const glass = mesh.groups.find((group) => group.slot === "glass");
  const solidEnd = glass?.start ?? mesh.indices.length;
  const solid = solidEnd === 0 ? undefined : geometryOf(mesh, mesh.indices.subarray(0, solidEnd));
  if (solid !== undefined) solid.setAttribute("slot", new BufferAttribute(slotsOf(mesh), 1));
  return {
    solid,
    glass: glass === undefined ? undefined : geometryOf(mesh, mesh.indices.subarray(glass.start, glass.start + glass.count)),
    lines: mesh.edges,
    triangles: mesh.indices.length / 3,
  };
}

function geometryOf(mesh: PartMesh, indices: Uint32Array): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(mesh.positions, 3));
  geometry.setAttribute("normal", new BufferAttribute(mesh.normals, 3));
  geometry.setIndex(new BufferAttribute(mesh.positions.length / 3 < 65_536 ? Uint16Array.from(indices) : indices.slice(), 1));
  geometry.computeBoundingBox();
  geometry.computeBoundingSphere();
  return geometry;
}

function slotsOf(mesh: PartMesh): Float32Array {
  const slots = new Float32Array(mesh.positions.length / 3);
  for (const group of mesh.groups) {
    const code = SLOTS.indexOf(group.slot);
    for (let i = group.start; i < group.start + group.count; i++) slots[mesh.indices[i]!] = code;
  }
  return slots;
}
