import type { AlarmActed, AlarmActWanted, OpcuaOut, OutAlarm } from "@doppelwerk/connectors/opcua-out";
import { ALARM_TRANSITIONS } from "@doppelwerk/operations";
import type { FeatureContext } from "@doppelwerk/kit/server";
import type { AlarmFold, ConcludedAlarm } from "@doppelwerk/ports";
import type { Role } from "@doppelwerk/trust";
import { DoppelwerkError, LIVE, SECOND, hashedId, type Principal, type RecordId } from "@doppelwerk/world";
import { ALARM_COMMENT } from "../../event-kinds.ts";
import { CONCLUDED_STATES, SEVERITIES } from "./alarm-states.ts";

export interface ShownAlarmsOptions {
  fold(): AlarmFold | undefined;
  /** The role of one who logged in; undefined once that is over. */
  roleOf(user: string): Role | undefined;
  /** Signals that every role may read: alarms of others are not shown. */
  isForAll(signal: RecordId): boolean;
}

type Plant = Pick<FeatureContext, "own" | "view" | "log" | "now">;

/** Conditions of another Doppelwerk: shown again they would come back as alarms of alarms. */
const OF_A_TWIN = /^condition:nsu=urn:doppelwerk:world:/;

/** The alarms of a world for the conditions of its OPC UA server, and what clients do to them. */
export class ShownAlarms {
  readonly #plant: Plant;
  readonly #options: ShownAlarmsOptions;
  readonly #out: Pick<OpcuaOut, "alarms">;
  #followed: AlarmFold | undefined;
  #unfollow: (() => void) | undefined;
  #asking = false;
  #isStale = true;

  constructor(plant: Plant, out: Pick<OpcuaOut, "alarms">, options: ShownAlarmsOptions) {
    this.#plant = plant;
    this.#out = out;
    this.#options = options;
  }

  /** The process knows none: all are sent with the next turn. */
  again(): void {
    this.#isStale = true;
  }

  close(): void {
    this.#unfollow?.();
  }

  /** Follows the alarms as soon as there are any to follow, and sends all where that is due. */
  turn(): void {
    const fold = this.#options.fold();
    if (fold === undefined) return;
    if (fold !== this.#followed) {
      this.#unfollow?.();
      this.#followed = fold;
      this.#unfollow = fold.follow((concluded) => {
        const alarms = this.#shownOf([concluded]);
        if (alarms.length > 0) this.#out.alarms(alarms, false);
      });
      this.#isStale = true;
    }
    if (this.#isStale && !this.#asking) void this.#sendAll(fold);
  }

  async #sendAll(fold: AlarmFold): Promise<void> {
    this.#asking = true;
    try {
      this.#isStale = false;
      this.#out.alarms(this.#shownOf(await fold.at()), true);
    } catch (error) {
      this.#isStale = true;
      this.#plant.log.warn({ err: error }, "the alarms are not shown over OPC UA yet");
    } finally {
      this.#asking = false;
    }
  }

  #shownOf(all: readonly ConcludedAlarm[]): readonly OutAlarm[] {
    return all.flatMap(({ alarm, inputs }): OutAlarm[] => {
      if (alarm.atPlant !== undefined && OF_A_TWIN.test(alarm.atPlant.condition)) return [];
      if (!inputs.every((signal) => this.#options.isForAll(signal))) return [];
      const { reason, by, shelvedUntil } = alarm;
      return [
        {
          id: alarm.id,
          name: alarm.title.en,
          source: alarm.station,
          message: alarm.value === undefined ? alarm.title.en : `${alarm.title.en} (${alarm.value})`,
          severity: SEVERITIES[alarm.priority],
          at: alarm.changed,
          ...CONCLUDED_STATES[alarm.state],
          ...(by === undefined ? {} : { by }),
          ...(reason === undefined ? {} : { comment: reason }),
          ...(shelvedUntil === undefined ? {} : { shelvedUntil }),
        },
      ];
    });
  }

  /** As who logged in: his rights decide, and the answer is what a client is told. */
  async act({ user, act, alarm, comment = "", shelvedS }: AlarmActWanted): Promise<AlarmActed> {
    const [fold, role] = [this.#options.fold(), this.#options.roleOf(user)];
    if (fold === undefined) return "BadInvalidState";
    if (role === undefined) return "BadUserAccessDenied";
    const principal: Principal = { id: `opcua:${user}`, name: user, verified: true, roles: [role] };
    const view = this.#plant.view(principal);
    const inputs = await fold.inputsOf(alarm);
    if (inputs === undefined || !inputs.every((signal) => view.mayReadSignal(signal))) return "BadNodeIdUnknown";
    const subjects = inputs.length === 0 ? [alarm] : inputs;
    if (!subjects.every((subject) => view.documents.may("acknowledge", LIVE, subject).allowed)) return "BadUserAccessDenied";
    try {
      if (act === "comment") {
        const at = this.#plant.now();
        const payload = { rule: alarm, comment };
        await view.events.record([
          {
            id: hashedId("event", ALARM_COMMENT, `${alarm}\n${at}`),
            subject: subjects[0]!,
            type: ALARM_COMMENT,
            at,
            origin: "entered",
            payload,
          },
        ]);
        return "Good";
      }
      const action = act === "confirm" ? "reset" : act;
      const state = (await fold.at()).find((concluded) => concluded.alarm.id === alarm)?.alarm.state ?? "normal";
      if (ALARM_TRANSITIONS[state][action] === state) return REFUSALS[act];
      await fold.act({
        rule: alarm,
        action,
        actor: principal.id,
        ...(comment === "" ? {} : { reason: comment }),
        ...(act === "shelve" ? { reason: "shelved over OPC UA", until: this.#plant.now() + Math.round(shelvedS! * SECOND) } : {}),
      });
      return "Good";
    } catch (error) {
      if (!(error instanceof DoppelwerkError)) throw error;
      return error.code === "DW_CONFLICT" ? REFUSALS[act] : error.code === "DW_FORBIDDEN" ? "BadUserAccessDenied" : "BadInvalidState";
    }
  }
}

/** What a state that does not allow an act is called (Part 9, 5.7.3 and 5.8.17). */
const REFUSALS: Readonly<Record<AlarmActWanted["act"], AlarmActed>> = {
  acknowledge: "BadConditionBranchAlreadyAcked",
  confirm: "BadConditionBranchAlreadyConfirmed",
  shelve: "BadConditionAlreadyShelved",
  unshelve: "BadConditionNotShelved",
  comment: "BadInvalidState",
};
