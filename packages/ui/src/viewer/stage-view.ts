import { partModel, type PlacedPart, type Stage } from "@doppelwerk/scene";
import { Box3, Group, Matrix4, Quaternion, Vector3, type Frustum, type Vector3Like } from "three";
import { STATE_CODES } from "./clay-material.ts";
import type { DrawnPart, PartSlot } from "./drawn-part.ts";
import type { InstanceGroup, ClayMaterials } from "./instance-group.ts";
import { PartBodies } from "./part-bodies.ts";
import { StationBlocks, type ShownBlock } from "./station-blocks.ts";
import type { StationFrame } from "./viewer-frame.ts";

const UP = new Vector3(0, 1, 0);
const ONE = new Vector3(1, 1, 1);
/** Of a beacon within what a part shows. */
const BEACONS = 8;

/** Everything of a stage: what stands alone and the lines that are near as bodies, built when they are first drawn; all other lines as blocks. */
export class StageView {
  /** Bodies and their lines. */
  readonly standing = new Group();
  /** What is drawn over what stands and moves: links of robots, and panes, which are looked through. */
  readonly over = new Group();
  #lines = new Group();
  readonly drawn = new Map<string, DrawnPart>();
  readonly byStation = new Map<string, DrawnPart[]>();
  #materials: ClayMaterials;
  /** By line of a site; undefined: what stands alone. */
  #parts = new Map<string | undefined, DrawnPart[]>();
  #built = new Map<string | undefined, PartBodies>();
  /** Those in the scene; undefined until the eye is known. */
  #shown: readonly PartBodies[] | undefined;
  /** Of each part what it shows: state and beacon as one number. */
  #marks = new Map<string, number>();
  readonly #blocks: StationBlocks;

  constructor(materials: ClayMaterials) {
    this.#materials = materials;
    this.#blocks = new StationBlocks(materials);
    this.standing.add(this.#lines, this.#blocks.group.root);
    this.#lines.add(this.#blocks.group.lines);
  }

  /** Lines have no depth of their own. */
  set linesVisible(value: boolean) {
    this.#lines.visible = value;
  }

  setStage(stage: Stage): void {
    this.#clear();
    for (const part of stage.parts) if (part.kind !== "agv") this.#place(part);
    this.#blocks.set(stage.clusters ?? []);
  }

  /** Parts that have bodies, drawn or not. */
  get built(): number {
    return [...this.#built.keys()].reduce((sum, cluster) => sum + (this.#parts.get(cluster)?.length ?? 0), 0);
  }

  /** The block a station of a far line is shown as. */
  blockOf(stationId: string): ShownBlock | undefined {
    return this.#blocks.blockOf(stationId);
  }

  /** Shows states, alarms and place failures; a part whose station is not told is drawn plain. Returns the parts that look different now. */
  setStations(stations: ReadonlyMap<string, StationFrame>): readonly DrawnPart[] {
    const changed: DrawnPart[] = [];
    const stale = new Set<InstanceGroup>();
    for (const drawn of this.drawn.values()) {
      const { part } = drawn;
      const frame = part.stationId === undefined ? undefined : stations.get(part.stationId);
      const place = part.place === undefined ? undefined : frame?.places?.get(part.place);
      const state = STATE_CODES[part.kind === "person" ? "running" : (place?.state ?? frame?.state ?? "running")];
      const placesFail = frame?.places !== undefined && part.place !== undefined;
      const beacon = place?.beacon ?? (placesFail ? 0 : (frame?.beacon ?? 0));
      const mark = state * BEACONS + beacon;
      if (this.#marks.get(part.id) === mark) continue;
      this.#marks.set(part.id, mark);
      changed.push(drawn);
      for (const { group, index } of this.#built.get(part.cluster)?.slotsOf(part.id) ?? []) {
        group.setMarks(index, state, -1, beacon, 0);
        stale.add(group);
      }
    }
    for (const group of stale) group.flush();
    this.#blocks.setStations(stations);
    return changed;
  }

  /** Poses a robot by its six joint angles. */
  poseRobot(id: string, joints: readonly [number, number, number, number, number, number]): void {
    const drawn = this.drawn.get(id);
    if (drawn !== undefined) this.#built.get(drawn.part.cluster)?.poseRobot(id, joints);
  }

  /**
   * Chooses near or far models by the distance of each group from the eye, and blocks for lines that are farther still; what lies outside of a frustum is left out.
   * True = other lines are blocks than before.
   */
  updateDetail(eye: Vector3Like, within?: Frustum): boolean {
    const isOther = within === undefined && this.#blocks.choose(eye);
    if (isOther || this.#shown === undefined) this.#shown = this.#show();
    for (const bodies of this.#shown) bodies.updateDetail(eye, within);
    return isOther;
  }

  partsOf(id: string): readonly DrawnPart[] {
    const own = this.drawn.get(id);
    if (own !== undefined) return [own];
    const station = this.byStation.get(id);
    if (station !== undefined) return station;
    return [...this.drawn.values()].filter(({ part }) => part.subject === id);
  }

  dispose(): void {
    this.#clear();
    this.#blocks.dispose();
  }

  #clear(): void {
    for (const bodies of this.#built.values()) bodies.dispose();
    this.#built.clear();
    this.#parts.clear();
    this.#shown = undefined;
    this.#marks.clear();
    this.drawn.clear();
    this.byStation.clear();
  }

  /** Takes what is far out of the scene, so that a frame does not walk through it. */
  #show(): readonly PartBodies[] {
    const shown = [...this.#parts.keys()].filter((cluster) => this.#blocks.isNear(cluster)).map((cluster) => this.#bodiesOf(cluster));
    for (const bodies of this.#built.values()) {
      if (shown.includes(bodies)) continue;
      for (const root of [bodies.standing, bodies.lines, bodies.over]) root.removeFromParent();
    }
    for (const bodies of shown) {
      this.standing.add(bodies.standing);
      this.#lines.add(bodies.lines);
      this.over.add(bodies.over);
    }
    return shown;
  }

  #bodiesOf(cluster: string | undefined): PartBodies {
    let bodies = this.#built.get(cluster);
    if (bodies === undefined) {
      bodies = new PartBodies(this.#parts.get(cluster) ?? [], this.#materials, (id) => {
        const mark = this.#marks.get(id) ?? 0;
        return [Math.floor(mark / BEACONS), mark % BEACONS];
      });
      this.#built.set(cluster, bodies);
    }
    return bodies;
  }

  #place(part: PlacedPart): void {
    const model = partModel(part, "near");
    const matrix = new Matrix4().compose(new Vector3(...part.position), new Quaternion().setFromAxisAngle(UP, part.turn), ONE);
    const box = new Box3(new Vector3(...model.box.min), new Vector3(...model.box.max)).applyMatrix4(matrix);
    const slots = (): readonly PartSlot[] => this.#bodiesOf(part.cluster).slotsOf(part.id);
    const drawn: DrawnPart = {
      part,
      model,
      matrix,
      box,
      get slots() {
        return slots();
      },
    };
    this.drawn.set(part.id, drawn);
    put(this.#parts, part.cluster, drawn);
    if (part.stationId !== undefined) put(this.byStation, part.stationId, drawn);
  }
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
