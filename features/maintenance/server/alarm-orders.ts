import { DoppelwerkError, message, SECOND, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmRecord } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import type { WorkOrder } from "../model/work-order.ts";
import { openOrder, type Opening } from "./opened-orders.ts";
import { stationsOf } from "./shown-order.ts";

export interface Annunciation {
  readonly rule: string;
  readonly raised: Instant;
}

/** Work orders of alarms: one for each annunciation, which it leads back to. */
export class AlarmOrders {
  readonly #opening: Opening;
  readonly #record: () => AlarmRecord | undefined;

  constructor(opening: Opening, record: () => AlarmRecord | undefined) {
    this.#opening = opening;
    this.#record = record;
  }

  async of(
    view: PlantView,
    branch: BranchId,
    alarm: Annunciation,
  ): Promise<{ readonly orders: readonly WorkOrder[]; readonly canOpen: boolean }> {
    const held = await this.#opening.book.list(view, branch);
    const orders = held
      .map(({ order }) => order)
      .filter(({ source }) => source.kind === "alarm" && source.id === alarm.rule && source.at === alarm.raised);
    const canOpen =
      orders.length === 0 && view.documents.may("enter", branch).allowed && (await this.#find(view, branch, alarm)) !== undefined;
    return { orders, canOpen };
  }

  /** Errors: DW_NOT_FOUND where there is no such alarm at a station, DW_FORBIDDEN, DW_CONFLICT. */
  async open(view: PlantView, branch: BranchId, alarm: Annunciation, now: Instant) {
    const found = await this.#find(view, branch, alarm);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("maintenance.noAlarm"));
    const { rule, station } = found;
    const said = [rule.cause, rule.consequence, rule.response];
    const labels = [
      textsOf(message("maintenance.alarm.cause")),
      textsOf(message("maintenance.alarm.consequence")),
      textsOf(message("maintenance.alarm.response")),
    ];
    const textIn = (language: "en" | "zh"): string =>
      said.flatMap((text, at) => (text[language] === "" ? [] : [`${labels[at]![language]}: ${text[language]}`])).join("\n");
    return openOrder(this.#opening, view, branch, {
      title: rule.title,
      station,
      priority: rule.priority,
      due: alarm.raised + rule.timeToRespondS * SECOND,
      text: { en: textIn("en"), zh: textIn("zh") },
      source: { kind: "alarm", id: rule.id, at: alarm.raised },
      key: `alarm ${branch} ${rule.id} ${alarm.raised}`,
      at: now,
    });
  }

  /** Of a rule that the view may read, at a station whose asset it may read, that was raised then. */
  async #find(view: PlantView, branch: BranchId, { rule: id, raised }: Annunciation) {
    const record = this.#record();
    const running = (await record?.rules(view.principal, branch))?.find(({ rule }) => rule.id === id);
    if (record === undefined || running === undefined) return undefined;
    const stations = await stationsOf(this.#opening.flow, view, branch);
    const { rule } = running;
    const station = stations.find(
      (each) => each.station === rule.station || (rule.shell !== undefined && each.shell === rule.shell),
    )?.station;
    if (station === undefined) return undefined;
    // what a branch concludes anew is not in the record of live
    if (branch !== LIVE) return { rule, station };
    const { alarms } = await record.between(view.principal, raised, raised + 1);
    return alarms.some((alarm) => alarm.rule === id && alarm.raised === raised) ? { rule, station } : undefined;
  }
}
