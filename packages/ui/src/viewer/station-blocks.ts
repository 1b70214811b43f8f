import { SLOTS, type StageCluster } from "@doppelwerk/scene";
import { Box3, BoxGeometry, BufferAttribute, EdgesGeometry, Matrix4, Quaternion, Vector3, type Vector3Like } from "three";
import { STATE_CODES } from "./clay-material.ts";
import { InstanceGroup, type ClayMaterials } from "./instance-group.ts";
import type { StationFrame } from "./viewer-frame.ts";

/** Lines of a site whose machines are drawn at one time; a line that is farther than this never is. */
const [MAX_NEAR, NEAR_M] = [2, 170];
/** A line that is near stays so until another is nearer by this share: nothing flickers at the border. */
const KEEP = 1.15;
const UP = new Vector3(0, 1, 0);
const UNIT_BOX = new Box3(new Vector3(-0.5, 0, -0.5), new Vector3(0.5, 1, 0.5));

/** A station drawn as one box: where it stands, and how large it is. */
export interface ShownBlock {
  /** The line it belongs to. */
  readonly cluster: string;
  readonly stationId: string;
  /** Of a box with edges of 1 m that stands on its middle. */
  readonly matrix: Matrix4;
  readonly box: Box3;
}

/**
 * Levels of detail of a site: the lines nearest to the eye are machines, all others one box a station with its state, drawn with one call however many there are.
 * So the cost of a frame does not grow with the site.
 */
export class StationBlocks {
  readonly group: InstanceGroup;
  #clusters: readonly StageCluster[] = [];
  #blocks: readonly ShownBlock[] = [];
  #far: readonly ShownBlock[] = [];
  /** Of each station which of `#far` it is. */
  #indices = new Map<string, number>();
  #marks = new Map<string, readonly [state: number, beacon: number]>();
  #near = new Set<string>();

  constructor(materials: ClayMaterials) {
    const box = new BoxGeometry(1, 1, 1).translate(0, 0.5, 0);
    const lines = new EdgesGeometry(box).getAttribute("position").array as Float32Array;
    const slots = new Float32Array(box.getAttribute("position").count).fill(SLOTS.indexOf("body"));
    box.setAttribute("slot", new BufferAttribute(slots, 1));
    box.computeBoundingSphere();
    this.group = new InstanceGroup({ solid: box, glass: undefined, lines, triangles: 12 }, materials, 1, true);
    this.group.culled = false;
    this.group.count = 0;
  }

  /** How many blocks are drawn. */
  get shown(): number {
    return this.#indices.size;
  }

  /** The block a station is shown as; undefined when it is shown as what it is. */
  blockOf(stationId: string): ShownBlock | undefined {
    const index = this.#indices.get(stationId);
    return index === undefined ? undefined : this.#far[index];
  }

  set(clusters: readonly StageCluster[]): void {
    this.#clusters = clusters;
    this.#marks.clear();
    this.#blocks = clusters.flatMap(({ id, blocks }) =>
      blocks.map(({ stationId, footprint: { centre, turn, lengthM, depthM }, heightM }) => {
        const matrix = new Matrix4().compose(
          new Vector3(centre[0], 0, centre[1]),
          new Quaternion().setFromAxisAngle(UP, turn),
          new Vector3(lengthM, heightM, depthM),
        );
        return { cluster: id, stationId, matrix, box: UNIT_BOX.clone().applyMatrix4(matrix) };
      }),
    );
    // until the eye is known the first lines are machines: what is small is whole at once
    this.#show(new Set(clusters.slice(0, MAX_NEAR).map(({ id }) => id)));
  }

  /** What stands alone, and the lines that are near. */
  isNear(cluster: string | undefined): boolean {
    return cluster === undefined || this.#near.has(cluster);
  }

  /** Shows the states and alarms of stations that differ from before. */
  setStations(stations: ReadonlyMap<string, StationFrame>): void {
    let isStale = false;
    for (const [stationId, { state, beacon = 0 }] of stations) {
      const code = STATE_CODES[state];
      const known = this.#marks.get(stationId);
      if (known?.[0] === code && known[1] === beacon) continue;
      this.#marks.set(stationId, [code, beacon]);
      const index = this.#indices.get(stationId);
      if (index === undefined) continue;
      this.group.setMarks(index, code, -1, beacon, 0);
      isStale = true;
    }
    if (isStale) this.group.flush();
  }

  /** Chooses the lines that are near; true = they are others than before. */
  choose(eye: Vector3Like): boolean {
    const ranked = this.#clusters
      .map((cluster) => ({ id: cluster.id, away: distanceTo(cluster, eye) / (this.#near.has(cluster.id) ? KEEP : 1) }))
      .filter(({ away }) => away < NEAR_M)
      .toSorted((a, b) => a.away - b.away)
      .slice(0, MAX_NEAR);
    if (ranked.length === this.#near.size && ranked.every(({ id }) => this.#near.has(id))) return false;
    this.#show(new Set(ranked.map(({ id }) => id)));
    return true;
  }

  dispose(): void {
    this.group.dispose();
  }

  #show(near: Set<string>): void {
    this.#near = near;
    const far = this.#blocks.filter(({ cluster }) => !near.has(cluster));
    this.#far = far;
    this.#indices = new Map(far.map(({ stationId }, index) => [stationId, index]));
    this.group.count = far.length;
    far.forEach(({ stationId, matrix }, index) => {
      const [state, beacon] = this.#marks.get(stationId) ?? [0, 0];
      this.group.setMatrix(index, matrix);
      this.group.setMarks(index, state, -1, beacon, 0);
    });
    this.group.culled = false;
    this.group.flush();
  }
}

/** From the eye to the nearest point of the line's ground, metres. */
function distanceTo({ min, max }: StageCluster, { x, y, z }: Vector3Like): number {
  const beyond = (at: number, low: number, high: number): number => Math.max(low - at, 0, at - high);
  return Math.hypot(beyond(x, min[0], max[0]), Math.max(0, y), beyond(z, min[2], max[2]));
}
