import { streamOf } from "../random/philox.ts";
import { compileCalendar } from "./compile-calendar.ts";
import { type CompiledNetwork, compileNetwork } from "./compile-network.ts";
import { productsNamed } from "./compile-source.ts";
import { ALONE, type CompiledDose, type CompiledFlow, type CompiledStop, FIFO, type FlowNode, type Need, WHOLE } from "./compiled-flow.ts";
import type { FlowDose, FlowModel, FlowOperatorNeed } from "./flow-model.ts";
import { compileTime } from "./flow-time.ts";

export type NodeDraft = { -readonly [K in keyof FlowNode]: FlowNode[K] };

/** A flow while it is compiled: its nodes in order, and what the names of the model mean. */
export class FlowDraft {
  readonly model: FlowModel;
  readonly products: readonly string[];
  readonly calendars: CompiledFlow["calendars"];
  readonly groups: CompiledFlow["groups"];
  readonly network: CompiledNetwork;
  readonly nodes: NodeDraft[] = [];
  readonly stops: CompiledStop[] = [];
  readonly nodesOfComponent: readonly number[][];
  places = 0;
  /** Columns of components from outside. */
  columns = 0;
  readonly #tanks: readonly string[];
  readonly #entries = new Map<string, number>();

  constructor(model: FlowModel) {
    this.model = model;
    this.products = model.products?.length ? model.products.map((product) => product.id) : productsNamed(model);
    this.calendars = (model.calendars ?? []).map(compileCalendar);
    this.groups = (model.operators ?? []).map((group) => ({
      id: group.id,
      count: group.count,
      calendar: this.calendarOf(group.calendar),
      walk: group.walkS === undefined ? undefined : compileTime(group.walkS),
      stream: streamOf(group.id, "walk"),
    }));
    this.network = compileNetwork(model);
    this.nodesOfComponent = model.components.map(() => []);
    this.#tanks = model.components.filter((component) => component.type === "tank").map((tank) => tank.id);
  }

  add(id: string, kind: number, component: number, fields: Partial<NodeDraft>): NodeDraft {
    const node: NodeDraft = {
      ...emptyNode,
      ...fields,
      index: this.nodes.length,
      id,
      kind,
      component,
      firstPlace: this.places,
      places: fields.places ?? 1,
    };
    this.places += node.places;
    this.nodes.push(node);
    this.nodesOfComponent[component]!.push(node.index);
    return node;
  }

  /** What goes to `id` enters this node. */
  enterAt(id: string, node: number): void {
    this.#entries.set(id, node);
  }

  /** The node that what goes to `id` enters. */
  nodeOf(id: string): number {
    return required(this.#entries.get(id) ?? -1, `component ${id}`);
  }

  /** 0 for none. */
  productOf(id: string | undefined): number {
    return id === undefined ? 0 : required(this.products.indexOf(id), `product ${id}`);
  }

  /** −1 for none. */
  calendarOf(id: string | undefined): number {
    if (id === undefined) return -1;
    const calendars = this.model.calendars ?? [];
    return required(
      calendars.findIndex((calendar) => calendar.id === id),
      `calendar ${id}`,
    );
  }

  /** −1 for one that is not there. */
  positionOf(id: string): number {
    return (this.model.positions ?? []).findIndex((position) => position.id === id);
  }

  needOf(need: FlowOperatorNeed): Need {
    return {
      groups: (this.model.operators ?? [])
        .map((group, index) => ({ index, group }))
        .filter(({ group }) => (need.operators === undefined ? group.skills?.includes(need.skill ?? "") : group.id === need.operators))
        .toSorted((a, b) => (a.group.skills?.length ?? 0) - (b.group.skills?.length ?? 0) || a.index - b.index)
        .map(({ index }) => index),
      count: need.count ?? 1,
    };
  }

  dosesOf(doses: readonly FlowDose[] | undefined): CompiledDose[] {
    return (doses ?? []).map(({ tank, litres }) => ({ tank: required(this.#tanks.indexOf(tank), `tank ${tank}`), litres }));
  }
}

/** An index that was found; throws where it is −1. */
export function required(index: number, what: string): number {
  if (index < 0) throw new Error(`the model names ${what}, which it does not have`);
  return index;
}

const emptyNode: NodeDraft = {
  index: 0,
  id: "",
  kind: 0,
  component: 0,
  capacity: 0,
  order: FIFO,
  dwell: undefined,
  dwellStream: 0,
  firstPlace: 0,
  places: 1,
  targets: [],
  firstLink: 0,
  route: undefined,
  reject: undefined,
  container: undefined,
  parts: [],
  time: undefined,
  timeByProduct: [],
  timeStream: 0,
  setUp: undefined,
  needs: [],
  stops: [],
  hasStops: false,
  calendar: -1,
  finishes: false,
  before: false,
  gathers: ALONE,
  ports: [],
  counts: [],
  batchMinimum: 0,
  batchWait: -1,
  opens: WHOLE,
  parent: -1,
  direct: -1,
  feeder: -1,
  swift: false,
  scrap: 0,
  rejectByTry: [],
  maxTries: Infinity,
  verdictStream: 0,
  limitsIn: [],
  limitsOut: [],
  counts2: "good",
  source: undefined,
  travel: 0,
  gap: 0,
  accumulating: true,
  fleet: -1,
  robot: -1,
  takes: [],
  gives: [],
  point: -1,
  points: new Map(),
  rank: 0,
  definition: undefined,
  parameters: {},
  firstColumn: 0,
  plain: false,
};
