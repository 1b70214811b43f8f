import type { Finding } from "@doppelwerk/aas";
import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FlowModel } from "../components/flow-model.ts";
import { createFlowRun, type FlowRun, type FlowRunOptions } from "../components/flow-run.ts";
import type { FlowResult } from "../components/flow-result.ts";
import { isNumeric, type ModelDescription, type ModelValue, type ModelVariable } from "./model-description.ts";
import type { ModelInstance } from "./model-instance.ts";

/** How one model from elsewhere hangs together with a flow. Seconds. */
export interface Coupling {
  readonly id: string;
  readonly stepS: number;
  readonly parameters?: Readonly<Record<string, ModelValue | readonly ModelValue[]>>;
  /** What the model is told at each communication point: `offset` + `factor` × items in a component. An array is named with its element, `u[1]`. */
  readonly inputs?: readonly {
    readonly variable: string;
    readonly component: string;
    readonly factor?: number;
    readonly offset?: number;
  }[];
  /** Calendars without spans that an output opens and shuts; between the two marks they stay as they are, shut at the start. */
  readonly gates: readonly { readonly calendar: string; readonly output: string; readonly opensAt: number; readonly shutsAt: number }[];
}

/** A coupling, and where an instance of its model comes from: a fresh one, not initialised. */
export interface CoupledModel {
  readonly coupling: Coupling;
  instantiate(): ModelInstance;
}

export interface CoupledResult {
  readonly flow: FlowResult;
  /** Of each gate: share of the time it was open, and how often it opened. */
  readonly gates: readonly { readonly model: string; readonly calendar: string; readonly openShare: number; readonly openings: number }[];
  /** Of each gate's output: least, mean and most at the communication points. */
  readonly outputs: readonly {
    readonly model: string;
    readonly output: string;
    readonly least: number;
    readonly mean: number;
    readonly most: number;
  }[];
}

const US = 1_000_000;

/** What is wrong with a coupling for a flow and a model; never throws. */
export function couplingFindings(flow: FlowModel, coupling: Coupling, description: ModelDescription): readonly Finding[] {
  const findings: Finding[] = [];
  const fail = (path: string, message: string): void => void findings.push({ path, constraint: "coupling", severity: "error", message });
  if (!(coupling.stepS >= 1e-6) || !(coupling.stepS <= 1e8))
    fail("stepS", `a step of ${String(coupling.stepS)} s is not between a microsecond and three years`);
  for (const name of Object.keys(coupling.parameters ?? {}))
    if (!description.variables.some((variable) => variable.name === name))
      fail(`parameters.${name}`, `the model has no variable "${name}"`);
  coupling.inputs?.forEach(({ variable, component, factor = 1, offset = 0 }, index) => {
    const path = `inputs[${index}]`;
    const found = elementOf(description, variable);
    if (found === undefined || found.variable.causality !== "input" || !isNumeric(found.variable))
      fail(`${path}.variable`, `the model has no input of numbers "${variable}"`);
    if (!flow.components.some(({ id, type }) => id === component && type !== "tank" && type !== "pipe"))
      fail(`${path}.component`, `the flow has no component "${component}" that holds items`);
    if (!Number.isFinite(factor) || !Number.isFinite(offset)) fail(path, "factor and offset must be numbers");
  });
  if (coupling.gates.length === 0) fail("gates", "at least one gate is needed: without it the model has no effect on the flow");
  coupling.gates.forEach(({ calendar, output, opensAt, shutsAt }, index) => {
    const path = `gates[${index}]`;
    const found = elementOf(description, output);
    if (found === undefined || !isNumeric(found.variable)) fail(`${path}.output`, `the model has no variable of numbers "${output}"`);
    const own = flow.calendars?.find(({ id }) => id === calendar);
    if (own === undefined) fail(`${path}.calendar`, `the flow has no calendar "${calendar}"`);
    else if (own.on.length > 0) fail(`${path}.calendar`, `the calendar "${calendar}" has spans of its own: a gate's has none ("on": [])`);
    if (!Number.isFinite(opensAt) || !Number.isFinite(shutsAt) || opensAt === shutsAt)
      fail(path, "opensAt and shutsAt must be two different numbers");
  });
  return findings;
}

/** `u[2]`: the second element of an array; a plain name is its first. */
function elementOf(description: ModelDescription, name: string): { readonly variable: ModelVariable; readonly at: number } | undefined {
  const [, base, element] = /^(.*?)(?:\[(\d+)\])?$/.exec(name) ?? [];
  const variable =
    description.variables.find((candidate) => candidate.name === name) ??
    description.variables.find((candidate) => candidate.name === base);
  const at = variable?.name === name ? 0 : Number(element ?? 1) - 1;
  return variable === undefined || at < 0 || at >= variable.size ? undefined : { variable, at };
}

/** One model in the course of a run. */
class Coupled {
  readonly model: CoupledModel;
  readonly instance: ModelInstance;
  readonly stepUs: number;
  nextUs = 0;
  readonly open: boolean[];
  readonly openedUs: number[];
  readonly openings: number[];
  readonly seen: { least: number; most: number; sum: number; n: number }[];
  readonly #inputs: readonly {
    readonly variable: ModelVariable;
    readonly at: number;
    readonly component: string;
    readonly factor: number;
    readonly offset: number;
  }[];
  readonly #gates: readonly {
    readonly variable: ModelVariable;
    readonly at: number;
    readonly calendar: number;
    readonly opensAt: number;
    readonly shutsAt: number;
  }[];

  constructor(flow: FlowModel, model: CoupledModel, from?: Uint8Array) {
    const { coupling } = model;
    this.model = model;
    this.instance = model.instantiate();
    const { description } = this.instance;
    const fault = couplingFindings(flow, coupling, description)[0];
    if (fault !== undefined)
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("sim.couplingCannot", { id: coupling.id, path: fault.path, reason: fault.message }),
      );
    this.stepUs = Math.round(coupling.stepS * US);
    this.#inputs = (coupling.inputs ?? []).map(({ variable, component, factor = 1, offset = 0 }) => ({
      ...elementOf(description, variable)!,
      component,
      factor,
      offset,
    }));
    this.#gates = coupling.gates.map(({ calendar, output, opensAt, shutsAt }) => ({
      ...elementOf(description, output)!,
      calendar: flow.calendars!.findIndex(({ id }) => id === calendar),
      opensAt,
      shutsAt,
    }));
    this.open = this.#gates.map(() => false);
    this.openedUs = this.#gates.map(() => 0);
    this.openings = this.#gates.map(() => 0);
    this.seen = this.#gates.map(() => ({ least: Infinity, most: -Infinity, sum: 0, n: 0 }));
    for (const [name, value] of Object.entries(coupling.parameters ?? {}))
      this.instance.set(
        description.variables.find((variable) => variable.name === name)!,
        (Array.isArray(value) ? value : [value]) as readonly ModelValue[],
      );
    this.instance.initialise(0);
    if (from !== undefined) this.instance.loadState(from);
  }

  /** Inputs as the flow stands, and what the outputs do to its gates. */
  exchange(flow: FlowRun, nowUs: number): void {
    this.#gates.forEach(({ variable, at, calendar, opensAt, shutsAt }, index) => {
      const value = Number(this.instance.get(variable)[at]);
      if (!Number.isFinite(value))
        throw new DoppelwerkError(
          "DW_INVALID",
          messageOf("sim.modelGives", { id: this.model.coupling.id, value, name: variable.name, nowUs: nowUs / US }),
        );
      const seen = this.seen[index]!;
      seen.least = Math.min(seen.least, value);
      seen.most = Math.max(seen.most, value);
      seen.sum += value;
      seen.n++;
      const rising = opensAt > shutsAt;
      const opens = rising ? value >= opensAt : value <= opensAt;
      const shuts = rising ? value <= shutsAt : value >= shutsAt;
      if (!this.open[index] && opens) {
        this.open[index] = true;
        this.openings[index]!++;
        this.openedUs[index]! -= nowUs;
        flow.turn(calendar, true);
      } else if (this.open[index] && shuts) {
        this.open[index] = false;
        this.openedUs[index]! += nowUs;
        flow.turn(calendar, false);
      }
    });
    const values = new Map<ModelVariable, ModelValue[]>();
    for (const { variable, at, component, factor, offset } of this.#inputs) {
      const list = values.get(variable) ?? [...this.instance.get(variable)];
      list[at] = offset + factor * flow.inside(component);
      values.set(variable, list);
    }
    for (const [variable, list] of values) this.instance.set(variable, list);
  }

  /** Another instance that goes on from here. */
  copy(flow: FlowModel): Coupled {
    const copy = new Coupled(flow, this.model, this.instance.saveState());
    copy.nextUs = this.nextUs;
    this.open.forEach((open, index) => {
      copy.open[index] = open;
      copy.openedUs[index] = this.openedUs[index]!;
      copy.openings[index] = this.openings[index]!;
      copy.seen[index] = { ...this.seen[index]! };
    });
    return copy;
  }

  step(): void {
    for (let atUs = this.nextUs; atUs < this.nextUs + this.stepUs;) {
      const outcome = this.instance.step(atUs / US, (this.nextUs + this.stepUs - atUs) / US);
      const reached = Math.round(outcome.timeS * US);
      if (outcome.terminate || reached <= atUs)
        throw new DoppelwerkError(
          "DW_INVALID",
          messageOf("sim.modelEndedSimulation", { id: this.model.coupling.id, timeS: outcome.timeS }),
        );
      atUs = reached;
    }
    this.nextUs += this.stepUs;
  }
}

/**
 * A flow with models from elsewhere inside it (an oven whose temperature gates a station). The event kernel is the master: items move up to each
 * communication point, then the model is told what is in the flow, steps, and its outputs open and shut gates. Everything is in the flow's memory and
 * the models' states: a fork goes on to the same trace, and is refused where a model cannot save its state.
 */
export class CoupledFlow {
  readonly #model: FlowModel;
  readonly #flow: FlowRun;
  readonly #coupled: readonly Coupled[];

  private constructor(model: FlowModel, flow: FlowRun, coupled: readonly Coupled[]) {
    this.#model = model;
    this.#flow = flow;
    this.#coupled = coupled;
  }

  /** Throws DW_INVALID on a coupling that does not fit flow or model. */
  static begin(model: FlowModel, models: readonly CoupledModel[], options: FlowRunOptions): CoupledFlow {
    const run = new CoupledFlow(
      model,
      createFlowRun(model, options),
      models.map((each) => new Coupled(model, each)),
    );
    for (const each of run.#coupled) each.exchange(run.#flow, 0);
    return run;
  }

  get nowS(): number {
    return this.#flow.nowS;
  }

  advanceTo(seconds: number): void {
    const until = Math.round(seconds * US);
    for (;;) {
      const next = Math.min(...this.#coupled.map(({ nextUs, stepUs }) => nextUs + stepUs));
      if (next > until) break;
      this.#flow.advanceTo(next / US);
      for (const each of this.#coupled)
        if (each.nextUs + each.stepUs === next) {
          each.step();
          each.exchange(this.#flow, next);
        }
    }
    this.#flow.advanceTo(seconds);
  }

  /** Goes on beside the original. Throws DW_INVALID naming the model whose state cannot be saved. */
  fork(changes: { readonly seed?: number; readonly replication?: number } = {}): CoupledFlow {
    for (const { model, instance } of this.#coupled)
      if (instance.stateFault !== undefined)
        throw new DoppelwerkError(
          "DW_INVALID",
          messageOf("sim.runCannotForked", { id: model.coupling.id, stateFault: instance.stateFault }),
        );
    return new CoupledFlow(
      this.#model,
      this.#flow.fork(changes),
      this.#coupled.map((each) => each.copy(this.#model)),
    );
  }

  result(): CoupledResult {
    const nowUs = Math.round(this.#flow.nowS * US);
    return {
      flow: this.#flow.result(),
      gates: this.#coupled.flatMap(({ model, open, openedUs, openings }) =>
        model.coupling.gates.map(({ calendar }, index) => ({
          model: model.coupling.id,
          calendar,
          openShare: nowUs === 0 ? 0 : (openedUs[index]! + (open[index] ? nowUs : 0)) / nowUs,
          openings: openings[index]!,
        })),
      ),
      outputs: this.#coupled.flatMap(({ model, seen }) =>
        model.coupling.gates.map(({ output }, index) => {
          const { least, most, sum, n } = seen[index]!;
          return { model: model.coupling.id, output, least, mean: sum / Math.max(1, n), most };
        }),
      ),
    };
  }

  close(): void {
    for (const { instance } of this.#coupled) instance.close();
  }
}
