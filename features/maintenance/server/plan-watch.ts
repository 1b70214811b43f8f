import { DAY, message, textsOf } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { LIVE, type Instant } from "@doppelwerk/world";
import type { maintenance } from "../feature.ts";
import type {} from "../message-codes.ts";
import { opensOrder, type OrderOfPlan } from "../model/due.ts";
import type { PlanFields } from "../model/plan-kind.ts";
import { isOver, type WorkOrder } from "../model/work-order.ts";
import type { DuePlans } from "./next-due.ts";
import { openOrder, type Opening } from "./opened-orders.ts";
import { plansOf } from "./plans.ts";

/** Work orders that a plan opened. */
export const ordersOfPlan = (orders: readonly WorkOrder[], code: string): readonly WorkOrder[] =>
  orders.filter(({ source }) => source.kind === "plan" && source.id === code);

export function cyclesOf(orders: readonly WorkOrder[]): readonly OrderOfPlan[] {
  return orders.map((order) => ({
    cycle: order.cycle ?? 0,
    // finished work is done, signed or not
    ...((isOver(order) || order.state === "finished") && { endedAt: order.finished?.at ?? order.lastAt }),
  }));
}

/** Opens the work orders of plans that are due, those that fell due while the server was off included: each once. */
export class PlanWatch {
  readonly #ctx: FeatureContext<typeof maintenance>;
  readonly #opening: Opening;
  readonly #due: DuePlans;
  readonly #tell: () => void;
  #looking: Promise<void> | undefined;

  constructor(ctx: FeatureContext<typeof maintenance>, opening: Opening, due: DuePlans, tell: () => void) {
    this.#ctx = ctx;
    this.#opening = opening;
    this.#due = due;
    this.#tell = tell;
  }

  /** One look at a time; what throws is logged and looked at again. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#ctx.log.error({ err: error }, "maintenance plans could not be looked at"))
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async idle(): Promise<void> {
    await this.#looking;
  }

  async #look(): Promise<void> {
    const plans = plansOf(this.#ctx.own, LIVE).filter(({ isOn }) => isOn);
    if (plans.length === 0) return;
    for (const plan of plans) {
      if (this.#ctx.signal.aborted) return;
      try {
        await this.#lookAt(plan);
      } catch (error) {
        // one that cannot be opened, as its station is gone, keeps no other from being opened
        this.#ctx.log.warn({ err: error, plan: plan.code }, "the work order of a plan could not be opened");
      }
    }
  }

  async #lookAt(plan: PlanFields): Promise<void> {
    const { own } = this.#ctx;
    const now = this.#ctx.now();
    const held = (await this.#opening.book.list(own, LIVE)).map(({ order }) => order);
    const orders = cyclesOf(ordersOfPlan(held, plan.code));
    const fallen = await this.#due.fallen(plan, orders, now);
    if (fallen?.cycle === undefined || !opensOrder(fallen.cycle, orders, fallen.isDoneSince)) return;
    await this.#open(plan, fallen.cycle, fallen.cycleDue ?? now, now);
  }

  async #open(
    { code, title, station, job, priority, trigger, withinDays }: PlanFields,
    cycle: number,
    cycleDue: Instant,
    now: Instant,
  ): Promise<void> {
    const due = trigger.kind === "time" ? cycleDue : Math.round(now + withinDays * DAY);
    // a job plan that was removed keeps no maintenance from being done
    const isJob = job === undefined || this.#opening.jobs(this.#ctx.own, LIVE).some((each) => each.code === job);
    const { isNew } = await openOrder(this.#opening, this.#ctx.own, LIVE, {
      title,
      station,
      ...(isJob ? { job } : { text: textsOf(message("maintenance.jobGone", { code: job })) }),
      priority,
      due,
      source: { kind: "plan", id: code, at: Math.min(cycleDue, now) },
      cycle,
      key: `plan ${code} ${cycle}`,
      at: now,
    });
    if (isNew) this.#tell();
  }
}
