import { message, MINUTE, textsOf } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { kpiValues, notices, shiftFigures } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import type { andon } from "../feature.ts";
import type {} from "../message-codes.ts";
import { dueStep, isBeyond, type HeldRule } from "../model/escalation.ts";
import type { AndonCalls, HeldCall } from "./calls.ts";
import { listRules } from "./rules.ts";

type Ctx = FeatureContext<typeof andon>;

/** Raises andons of KPIs beyond their limits, closes them once they are back, and tells the next step of those that nobody took. */
export class AndonWatch {
  readonly #ctx: Ctx;
  readonly #calls: AndonCalls;
  readonly #changed: () => void;
  #looking: Promise<void> | undefined;

  constructor(ctx: Ctx, calls: AndonCalls, changed: () => void) {
    this.#ctx = ctx;
    this.#calls = calls;
    this.#changed = changed;
  }

  /** One look at a time; what throws is logged and looked at again. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#ctx.log.error({ err: error }, "andons could not be looked at"))
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async idle(): Promise<void> {
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { own } = this.#ctx;
    const rules = listRules(own, LIVE);
    const open = this.#calls.held(own).filter(({ closedAt }) => closedAt === undefined);
    for (const rule of rules) if (rule.fields.isOn && rule.fields.cause.kind === "kpi") await this.#lookAtKpi(rule, open);
    for (const call of open) for (const rule of rules) await this.#escalate(rule, call);
  }

  async #lookAtKpi(rule: HeldRule, open: readonly HeldCall[]): Promise<void> {
    const { station, line, cause } = rule.fields;
    const values = this.#ctx.find(kpiValues);
    const now = this.#ctx.now();
    const found = await this.#ctx.find(shiftFigures)?.within(now - 1, now, now, line);
    const shift = found?.shifts.at(-1);
    if (cause.kind !== "kpi" || values === undefined || shift === undefined || now < shift.from + cause.afterMinutes * MINUTE) return;
    const question = { principal: this.#ctx.own.principal, from: shift.from, to: now };
    const value = (await values.of({ ...question, ...(line !== undefined && { line }), ...(station !== undefined && { station }) })).get(
      cause.indicator,
    );
    const known = open.find((call) => call.rule === rule.id);
    if (value === undefined) return;
    if (known === undefined && isBeyond(rule.fields, value)) await this.#raise(rule, value);
    // one that somebody owns is closed by people
    else if (known !== undefined && known.owner === undefined && !isBeyond(rule.fields, value)) {
      await this.#calls.change(this.#ctx.own, known.id, { closedAt: now }, "andon.log.closed");
      await this.#ctx.find(notices)?.withdraw({ id: known.id, at: known.raisedAt });
      this.#changed();
    }
  }

  async #raise({ id, fields: { station, line, cause } }: HeldRule, value: number): Promise<void> {
    if (cause.kind !== "kpi") return;
    const place = station ?? line ?? "";
    await this.#calls.raise(this.#ctx.own, {
      station: place === "" ? "line" : place,
      reason: "kpi",
      rule: id,
      indicator: cause.indicator,
      value,
      raisedAt: this.#ctx.now(),
      notified: {},
    });
    this.#changed();
  }

  async #escalate(rule: HeldRule, call: HeldCall): Promise<void> {
    const step = dueStep(rule, call, this.#ctx.now());
    if (step === undefined) return;
    const to = rule.fields.steps.slice(call.notified[rule.id] ?? 0, step).flatMap((each) => each.to);
    const title = textsOf(message(`andon.reason.${call.reason}` as "andon.reason.help"));
    const notice = { id: call.id, at: call.raisedAt, title, station: call.station, priority: rule.fields.priority, step };
    const text = call.text ?? (call.value === undefined ? undefined : `${call.indicator} ${call.value.toPrecision(4)}`);
    // first who is notified, then that they were: after a crash somebody is notified twice, and never not at all
    await this.#ctx.find(notices)?.send({ ...notice, ...(text !== undefined && { value: text }) }, to);
    await this.#calls.change(this.#ctx.own, call.id, { notified: { ...call.notified, [rule.id]: step } }, "andon.log.notified");
    this.#changed();
  }
}
