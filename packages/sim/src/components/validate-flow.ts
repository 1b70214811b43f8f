import { message, type Message } from "@doppelwerk/messages";
import type { Finding } from "@doppelwerk/aas";

import { productsNamed } from "./compile-source.ts";
import { targetsOf } from "./compile-route.ts";
import { compileNetwork } from "./compile-network.ts";
import { distanceM } from "./compile-robots.ts";
import {
  type FlowComponent,
  type FlowModel,
  type FlowOperatorNeed,
  type FlowRoute,
  type FlowSource,
  type FlowTime,
  isWorking,
} from "./flow-model.ts";
import { flowNamedShapes, flowShape } from "./flow-shape.ts";
import { compileTime, flowTimeFault } from "./flow-time.ts";
import { jsonFindings, jsonSchemaOf, nearestWord, quoted } from "../json-shape.ts";

const MAX_PLACES = 50_000;
const MAX_FINDINGS = 100;
const MAX_LINKS = 1_000_000;

/** What is wrong with a value as a flow model: path, constraint, severity, message. Never throws; without errors it can be run. */
export function validateFlowModel(value: unknown): Finding[] {
  const findings = jsonFindings(value, flowShape, flowNamedShapes, { time: (time: FlowTime) => flowTimeFault(time), route: routeFault });
  if (findings.length > 0) return findings;
  const model = value as FlowModel;
  const checks = new References(model);
  model.components.forEach((component, index) => checks.component(component, `components[${index}]`));
  checks.whole();
  return checks.findings;
}

/** JSON Schema 2020-12 of the format. */
export function flowJsonSchema(): Readonly<Record<string, unknown>> {
  return jsonSchemaOf(flowShape, flowNamedShapes, "doppelwerk-flow/1");
}

/** Why a model never ends by itself, or undefined: then it needs a duration. */
export function endlessSource(model: FlowModel): Message | undefined {
  const endless = model.components.find((component): component is FlowSource => {
    if (component.type !== "source" || component.limit !== undefined) return false;
    if (component.arrivals !== undefined) return component.repeatS !== undefined;
    return component.orders === undefined || component.repeatOrders === true;
  });
  if (endless) return message("sim.sourceEndless", { source: endless.id });
  const clock = model.components.find((component) => isWorking(component) && component.stops?.some((stop) => stop.clock === "calendar"));
  if (clock) return message("sim.stopByCalendar", { component: clock.id });
  const pipe = model.components.find(
    (component) => component.type === "pipe" && (component.open !== undefined || component.control !== undefined),
  );
  if (pipe) return message("sim.pipeSwitches", { pipe: pipe.id });
  return model.calendars?.length ? message("sim.calendarEndless", { calendar: model.calendars[0]!.id }) : undefined;
}

function routeFault(route: FlowRoute): string | undefined {
  if (typeof route === "string" || !Array.isArray(route)) return undefined;
  const entries = route as readonly { readonly probability?: number }[];
  const given = Number(entries.reduce((sum, entry) => sum + (entry.probability ?? 0), 0).toPrecision(12));
  const open = entries.filter((entry) => entry.probability === undefined).length;
  if (open > 1) return "only one way may go without a probability: it takes the rest";
  if (given > 1 + 1e-9) return `the probabilities add up to ${given}, more than 1`;
  return open === 0 && given < 1 - 1e-9
    ? `the probabilities add up to ${given}: the last way may go without one and takes the rest`
    : undefined;
}

/** Whatever a model names must be there. */
class References {
  readonly findings: Finding[] = [];
  private readonly model: FlowModel;
  private readonly products: readonly string[];
  /** Names that routes may use. */
  private readonly targets = new Map<string, FlowComponent>();
  private readonly reached = new Set<string>();
  /** As routes name them: an input of an assembly is `cell.lid`. */
  private readonly named = new Set<string>();

  constructor(model: FlowModel) {
    this.model = model;
    this.products = model.products?.map((product) => product.id) ?? productsNamed(model);
    for (const component of model.components) {
      if (component.type === "source" || component.type === "tank" || component.type === "pipe") continue;
      this.targets.set(component.id, component);
      if ("inputs" in component) for (const input of component.inputs) this.targets.set(`${component.id}.${input.id}`, component);
    }
    this.unique("components", model.components);
    for (const name of ["products", "calendars", "operators", "limits", "fleets", "positions", "robots"] as const)
      this.unique(name, model[name] ?? []);
  }

  component(component: FlowComponent, path: string): void {
    if ("to" in component && component.to !== undefined && component.type !== "pipe") this.route(component.to, `${path}.to`, component);
    switch (component.type) {
      case "source":
        return this.source(component, path);
      case "buffer":
        if (component.dwell !== undefined && component.order !== undefined && component.order !== "fifo")
          this.fail(`${path}.dwell`, "value", "goes with order fifo only");
        return;
      case "transport":
        return this.transport(component, path);
      case "robot":
        return this.handling(component, path);
      case "pipe":
        for (const end of ["from", "to"] as const)
          if (component[end] !== undefined && !this.model.components.some((tank) => tank.type === "tank" && tank.id === component[end]))
            this.unknown(
              `${path}.${end}`,
              "tank",
              component[end],
              this.model.components.filter((tank) => tank.type === "tank").map((tank) => tank.id),
            );
        if (component.from === undefined && component.to === undefined)
          this.fail(path, "required", "needs from or to: a pipe joins a tank to another, to a supply or to away");
        if (component.from !== undefined && component.from === component.to) this.fail(`${path}.to`, "value", "is the tank it comes from");
        if ((component.open === undefined) !== (component.shut === undefined)) this.fail(path, "value", "open and shut go together");
        else if (component.open !== undefined && !(compileTime(component.open).meanS + compileTime(component.shut!).meanS > 0))
          this.fail(path, "value", "open and shut both take no time: it would turn without end");
        if (component.control !== undefined) {
          this.mark(component.control.tank, [component.control.opensAtL, component.control.shutsAtL], `${path}.control`);
          if (component.control.opensAtL === component.control.shutsAtL)
            this.fail(`${path}.control`, "value", "opensAtL and shutsAtL must differ, else it would open and shut without end");
          if (component.open !== undefined)
            this.fail(path, "value", "has open and shut times and a control: one of them says when it is open");
        }
        return;
      case "tank":
        if ((component.initialL ?? 0) > component.capacityL) this.fail(`${path}.initialL`, "value", "is more than the tank holds");
        return;
      case "sink":
      case "conveyor":
      case "custom":
        return;
      default:
        this.working(component, path);
    }
  }

  whole(): void {
    const { model } = this;
    model.limits?.forEach((limit, index) => {
      for (const end of ["from", "to"] as const) {
        const path = `limits[${index}].${end}`;
        if (!this.targets.has(limit[end])) this.unknown(path, "component", limit[end], [...this.targets.keys()]);
        else if (end === "from" && ["sink", "robot"].includes(this.targets.get(limit.from)!.type))
          this.fail(path, "value", `a limit cannot begin at a ${this.targets.get(limit.from)!.type}`);
      }
    });
    model.calendars?.forEach((calendar, index) => {
      let last = 0;
      calendar.on.forEach(({ fromS, toS }, span) => {
        const path = `calendars[${index}].on[${span}]`;
        if (toS <= fromS) this.fail(path, "value", "must end after it begins");
        else if (fromS < last) this.fail(path, "value", "overlaps the span before; spans are in ascending order");
        else if (toS > (calendar.periodS ?? 86_400)) this.fail(path, "value", `ends after the period of ${calendar.periodS ?? 86_400} s`);
        last = toS;
      });
    });
    model.operators?.forEach((group, index) => this.oneOf(group.calendar, `operators[${index}].calendar`, "calendar", model.calendars));
    this.network();
    const flows = model.components.some((component) => component.type === "source");
    if (flows && !model.components.some((component) => component.type === "sink"))
      this.findings.push({
        path: "components",
        constraint: "unreached",
        severity: "warning",
        message: "there is no sink: nothing ever leaves",
      });
    if (!model.components.some((component) => ["source", "tank", "pipe"].includes(component.type)))
      this.fail("components", "value", "there is no source: nothing would ever happen");
    let places = 0;
    let links = 0;
    for (const component of model.components) {
      const own = isWorking(component) ? (component.places ?? 1) : 1;
      places += own;
      links += "to" in component && component.to !== undefined ? own * targetsOf(component.to as FlowRoute).length : 0;
    }
    if (places > MAX_PLACES) this.fail("components", "limit", `have ${places} places in all, more than ${MAX_PLACES}`);
    if (links > MAX_LINKS) this.fail("components", "limit", `have ${links} ways in all, more than ${MAX_LINKS}`);
    if (this.findings.length > 0) return;
    for (const [index, component] of model.components.entries())
      if (this.targets.get(component.id) === component && !this.reached.has(component.id))
        this.findings.push({
          path: `components[${index}]`,
          constraint: "unreached",
          severity: "warning",
          message: `nothing goes to ${quoted(component.id)}`,
        });
      else if ("inputs" in component && Array.isArray(component.inputs))
        component.inputs.forEach(({ id }: { readonly id: string }, input: number) => {
          if (this.named.has(`${component.id}.${id}`) || (input === 0 && this.named.has(component.id))) return;
          this.findings.push({
            path: `components[${index}].inputs[${input}]`,
            constraint: "unreached",
            severity: "warning",
            message: `nothing goes to ${quoted(`${component.id}.${id}`)}: ${quoted(component.id)} never begins`,
          });
        });
  }

  private source(source: FlowSource, path: string): void {
    const ways = ["interarrival", "rates", "arrivals", "whenLevel"].filter((name) => source[name as keyof FlowSource] !== undefined);
    if (ways.length > 1) this.fail(path, "value", `has ${ways.join(" and ")}: one of them says when items arrive`);
    const kinds = ["product", "mix", "orders"].filter((name) => source[name as keyof FlowSource] !== undefined);
    if (kinds.length > 1) this.fail(path, "value", `has ${kinds.join(" and ")}: one of them says what arrives`);
    this.product(source.product, `${path}.product`);
    for (const product of Object.keys(source.mix ?? {})) this.product(product, `${path}.mix.${product}`);
    if (source.mix !== undefined && !(Object.values(source.mix).reduce((sum, share) => sum + share, 0) > 0))
      this.fail(`${path}.mix`, "value", "shares must add up to more than 0");
    source.orders?.forEach((order, index) => this.product(order.product, `${path}.orders[${index}].product`));
    source.arrivals?.forEach((arrival, index) => {
      this.product(arrival.product, `${path}.arrivals[${index}].product`);
      if (index > 0 && arrival.atS < source.arrivals![index - 1]!.atS)
        this.fail(`${path}.arrivals[${index}].atS`, "value", "is before the arrival before it; arrivals are in ascending order");
    });
    source.rates?.forEach((rate, index) => {
      if (index > 0 && rate.fromS <= source.rates![index - 1]!.fromS)
        this.fail(`${path}.rates[${index}].fromS`, "value", "must be after the one before it");
    });
    if (source.whenLevel !== undefined) {
      const { tank, fallsToL, risesToL } = source.whenLevel;
      if ((fallsToL === undefined) === (risesToL === undefined))
        this.fail(`${path}.whenLevel`, "required", "needs fallsToL or risesToL, one of them");
      this.mark(tank, [fallsToL ?? risesToL ?? 0], `${path}.whenLevel`);
    }
    const last = source.arrivals?.at(-1)?.atS ?? source.rates?.at(-1)?.fromS ?? 0;
    if (source.repeatS !== undefined && source.repeatS < last)
      this.fail(`${path}.repeatS`, "value", `is before the last entry at ${last} s`);
    if (source.repeatS !== undefined && source.rates === undefined && source.arrivals === undefined)
      this.fail(`${path}.repeatS`, "value", "goes with rates or arrivals; orders have repeatOrders");
    if (source.whenFull === "lose" && ways.length === 0)
      this.fail(`${path}.whenFull`, "value", "a saturated source loses nothing; give interarrival, rates or arrivals");
  }

  private working(
    component: Exclude<
      FlowComponent,
      { type: "source" | "sink" | "buffer" | "conveyor" | "transport" | "robot" | "tank" | "pipe" | "custom" }
    >,
    path: string,
  ): void {
    for (const product of Object.keys(component.timeByProduct ?? {})) this.product(product, `${path}.timeByProduct.${product}`);
    this.oneOf(component.calendar, `${path}.calendar`, "calendar", this.model.calendars);
    component.operators?.forEach((need, index) => this.need(need, `${path}.operators[${index}]`));
    this.needsTogether(component.operators ?? [], path);
    for (const name of ["takes", "gives"] as const)
      component[name]?.forEach(({ tank, litres }, index) => this.mark(tank, [litres], `${path}.${name}[${index}]`));
    this.unique(`${path}.stops`, component.stops ?? []);
    component.stops?.forEach((stop, index) => {
      if (stop.repairedBy !== undefined) this.need(stop.repairedBy, `${path}.stops[${index}].repairedBy`);
    });
    if (component.inspection?.to !== undefined) this.route(component.inspection.to, `${path}.inspection.to`, component);
    const { setUp } = component;
    if (setUp !== undefined) {
      const values = setUp.attribute === undefined ? this.products : undefined;
      if (setUp.attribute !== undefined && !this.model.products?.some((product) => product.attributes?.[setUp.attribute!] !== undefined))
        this.fail(`${path}.setUp.attribute`, "value", `no product has the attribute ${quoted(setUp.attribute)}`);
      if (values !== undefined)
        for (const [from, row] of Object.entries(setUp.matrix ?? {}))
          for (const name of [from, ...Object.keys(row)]) this.product(name, `${path}.setUp.matrix.${from}`);
    }
    if (
      component.blocking === "before" &&
      (component.inspection?.to !== undefined || component.type === "unpack" || component.type === "disassembly")
    )
      this.fail(`${path}.blocking`, "value", "before needs one way that is known when work begins (no rejects to elsewhere, no unpacking)");
    if ("inputs" in component) this.unique(`${path}.inputs`, component.inputs);
    if ("inputs" in component)
      component.inputs.forEach((input, index) => {
        if (typeof input.capacity === "number" && input.capacity < (input.count ?? 1))
          this.fail(`${path}.inputs[${index}].capacity`, "value", `is less than count, ${input.count ?? 1}: nothing would ever begin`);
      });
    if (component.type === "station" && component.batch?.minimum !== undefined && component.batch.minimum > component.batch.size)
      this.fail(`${path}.batch.minimum`, "value", "is more than size");
    if ("containerTo" in component && component.containerTo !== undefined) {
      if (component.type === "disassembly") this.fail(`${path}.containerTo`, "value", "goes with unpack");
      else this.route(component.containerTo, `${path}.containerTo`, component);
    }
    if ("parts" in component)
      component.parts?.forEach((part, index) => {
        this.product(part.product, `${path}.parts[${index}].product`);
        this.route(part.to, `${path}.parts[${index}].to`, component);
      });
  }

  private transport(component: Extract<FlowComponent, { type: "transport" }>, path: string): void {
    this.oneOf(component.fleet, `${path}.fleet`, "fleet", this.model.fleets);
    this.point(component.at, `${path}.at`);
    for (const [target, point] of Object.entries(component.points)) {
      if (!this.targets.has(target)) this.unknown(`${path}.points.${target}`, "component", target, [...this.targets.keys()]);
      this.point(point, `${path}.points.${target}`);
    }
    for (const target of targetsOf(component.to))
      if (this.targets.has(target) && component.points[target] === undefined)
        this.fail(`${path}.points`, "required", `must say at which point ${quoted(target)} is`);
  }

  /** Levels of a tank that must be within it. */
  private mark(id: string, levels: readonly number[], path: string): void {
    const tanks = this.model.components.filter((component) => component.type === "tank");
    const tank = tanks.find((candidate) => candidate.id === id);
    if (tank === undefined)
      return this.unknown(
        `${path}.tank`,
        "tank",
        id,
        tanks.map((candidate) => candidate.id),
      );
    for (const litres of levels)
      if (litres > tank.capacityL) this.fail(path, "value", `${litres} litres are more than ${quoted(id)} holds (${tank.capacityL})`);
  }

  private handling(component: Extract<FlowComponent, { type: "robot" }>, path: string): void {
    const { model } = this;
    this.oneOf(component.robot, `${path}.robot`, "robot", model.robots);
    for (const position of [component.at, ...Object.values(component.positions)]) this.oneOf(position, path, "position", model.positions);
    for (const target of Object.keys(component.positions))
      if (!this.targets.has(target)) this.unknown(`${path}.positions.${target}`, "component", target, [...this.targets.keys()]);
    for (const target of targetsOf(component.to)) {
      if (this.targets.has(target) && component.positions[target] === undefined)
        this.fail(`${path}.positions`, "required", `must say at which position ${quoted(target)} is`);
      if (this.targets.get(target)?.type === "robot")
        this.fail(`${path}.to`, "value", "a robot gives to no robot: put a buffer between them");
    }
    const { to } = component;
    if (typeof to !== "string" && (Array.isArray(to) || (to as { readonly by: string }).by === "turn"))
      this.fail(`${path}.to`, "value", "a robot must know the way before it picks: one component, by product, first or shortest");
    for (const giver of model.components) {
      if (!("to" in giver) || giver.to === undefined || giver.type === "pipe" || !targetsOf(giver.to).includes(component.id)) continue;
      if ("blocking" in giver && giver.blocking === "before")
        this.fail(path, "value", `${quoted(giver.id)} keeps room ahead before it works; a robot has none to keep`);
      if (giver.type === "source" && giver.whenFull === "lose")
        this.fail(path, "value", `${quoted(giver.id)} would lose every item: a robot has no room`);
    }
    const robot = model.robots?.find((candidate) => candidate.id === component.robot);
    if (robot === undefined) return;
    this.oneOf(robot.home, `robots.${robot.id}.home`, "position", model.positions);
    if (model.positions?.find((position) => position.id === robot.home)?.zone !== undefined)
      this.fail(`robots.${robot.id}.home`, "value", "must be in no zone, else the robot would keep others out of it");
    if (robot.reachM === undefined) return;
    for (const id of [robot.home, component.at, ...Object.values(component.positions)]) {
      const position = model.positions?.find((candidate) => candidate.id === id);
      const metres = position === undefined ? 0 : distanceM(position.at, robot.base ?? [0, 0, 0]);
      if (metres > robot.reachM + 1e-9)
        this.fail(
          path,
          "value",
          `${quoted(id)} is ${metres.toPrecision(3)} m from the base of ${quoted(robot.id)}, which reaches ${robot.reachM} m`,
        );
    }
  }

  private network(): void {
    const { model } = this;
    model.network?.ways.forEach((way, index) => {
      this.point(way.from, `network.ways[${index}].from`);
      this.point(way.to, `network.ways[${index}].to`);
    });
    model.fleets?.forEach((fleet, index) => {
      this.point(fleet.home, `fleets[${index}].home`);
      if (fleet.battery !== undefined) this.point(fleet.battery.at, `fleets[${index}].battery.at`);
    });
    if (this.findings.some((finding) => finding.severity === "error") || model.fleets === undefined) return;
    const { points, distance } = compileNetwork(model);
    const reach = (from: string, to: string, path: string): void => {
      if (distance[points.indexOf(from) * points.length + points.indexOf(to)] === Infinity)
        this.fail(path, "value", `there is no way from ${quoted(from)} to ${quoted(to)}`);
    };
    model.components.forEach((component, index) => {
      if (component.type !== "transport") return;
      const fleet = model.fleets!.find((candidate) => candidate.id === component.fleet)!;
      const ends = [fleet.home, ...(fleet.battery === undefined ? [] : [fleet.battery.at]), ...Object.values(component.points)];
      for (const end of ends) reach(end, component.at, `components[${index}].at`);
      for (const end of Object.values(component.points)) reach(component.at, end, `components[${index}].points`);
      if (fleet.battery !== undefined)
        for (const end of Object.values(component.points)) reach(end, fleet.battery.at, `components[${index}].points`);
    });
  }

  /** All needs of a place are met at once: what several ask of one group adds up. */
  private needsTogether(needs: readonly FlowOperatorNeed[], path: string): void {
    for (const { id, count } of this.model.operators ?? []) {
      const own = needs.filter(({ operators }) => operators === id);
      const asked = own.reduce((sum, need) => sum + (need.count ?? 1), 0);
      if (own.length > 1 && asked > count)
        this.fail(`${path}.operators`, "value", `needs ${asked} people of ${quoted(id)} at once, there are ${count}`);
    }
  }

  private need(need: FlowOperatorNeed, path: string): void {
    const groups = this.model.operators ?? [];
    if ((need.operators === undefined) === (need.skill === undefined))
      return this.fail(path, "required", "needs operators (a group) or skill, one of them");
    if (need.operators !== undefined) this.oneOf(need.operators, `${path}.operators`, "group of operators", groups);
    const serving = groups.filter((group) =>
      need.operators === undefined ? group.skills?.includes(need.skill!) : group.id === need.operators,
    );
    if (need.skill !== undefined && serving.length === 0)
      return this.unknown(
        `${path}.skill`,
        "skill",
        need.skill,
        groups.flatMap((group) => group.skills ?? []),
      );
    const people = serving.reduce((sum, group) => sum + group.count, 0);
    if (serving.length > 0 && people < (need.count ?? 1)) this.fail(path, "value", `needs ${need.count ?? 1} people, there are ${people}`);
  }

  private route(route: FlowRoute, path: string, from: FlowComponent): void {
    targetsOf(route).forEach((target, index) => {
      const at = typeof route === "string" ? path : Array.isArray(route) ? `${path}[${index}].to` : `${path} (${target})`;
      const component = this.targets.get(target);
      if (component === undefined) {
        const other = this.model.components.find((candidate) => candidate.id === target);
        if (other !== undefined) this.fail(at, "value", `a ${other.type} takes nothing: ${quoted(target)}`);
        else this.unknown(at, "component", target, [...this.targets.keys()]);
      } else if (component !== from || isWorking(from)) {
        this.reached.add(component.id);
        this.named.add(target);
      }
    });
    if (typeof route === "object" && !Array.isArray(route) && (route as { readonly by: string }).by === "product")
      for (const product of Object.keys((route as { readonly map: Readonly<Record<string, string>> }).map))
        this.product(product, `${path}.map.${product}`);
  }

  private product(id: string | undefined, path: string): void {
    if (id !== undefined && !this.products.includes(id)) this.unknown(path, "product", id, this.products);
  }

  private point(id: string, path: string): void {
    const points = this.model.network?.points ?? [];
    if (!points.includes(id)) this.unknown(path, "point of the network", id, points);
  }

  private oneOf(id: string | undefined, path: string, what: string, list: readonly { readonly id: string }[] | undefined): void {
    if (id !== undefined && !list?.some((entry) => entry.id === id)) this.unknown(path, what, id, list?.map((entry) => entry.id) ?? []);
  }

  private unique(path: string, list: readonly { readonly id: string }[]): void {
    const seen = new Set<string>();
    list.forEach(({ id }, index) => {
      if (seen.has(id)) this.fail(`${path}[${index}].id`, "unique", `${quoted(id)} is there already`);
      seen.add(id);
    });
  }

  private unknown(path: string, what: string, name: string, known: readonly string[]): void {
    // among thousands of names a hint is only looked for while there is room to say it
    if (this.findings.length >= MAX_FINDINGS) return;
    const near = nearestWord(name, known);
    const listed = known.length <= 12 ? known.join(", ") : `${known.slice(0, 12).join(", ")} …`;
    const hint = near !== undefined ? `; did you mean ${quoted(near)}?` : known.length > 0 ? `; there are ${listed}` : "";
    this.fail(path, "reference", `there is no ${what} ${quoted(name)}${hint}`);
  }

  private fail(path: string, constraint: string, message: string): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push({ path, constraint, severity: "error", message });
  }
}
