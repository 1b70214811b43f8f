// The alarms of the twin as conditions (OPC UA Part 9) of the server that shows it.
import { DataType, LocalizedText, StatusCodes, Variant, type Namespace, type UAAlarmConditionEx, type UAObject } from "node-opcua";
import type { AlarmActed, AlarmActWanted, OutAlarm } from "./message.ts";
import { permissionsOf } from "./gate.ts";
import { guardAll, methodOf, openRefresh } from "./condition-nodes.ts";

type Act = (wanted: AlarmActWanted) => Promise<AlarmActed>;
type Inputs = readonly Variant[];

const MAX_SHELVED_MS = 7 * 86_400_000;
const MAX_COMMENT = 500;

interface Shown {
  readonly condition: UAAlarmConditionEx;
  out: OutAlarm;
  /** The event that a client answers. */
  eventId: string;
}

/** Keeps a condition for each alarm that is, or was since the start, not normal, and says each change of it once. */
export class OutAlarms {
  readonly #namespace: Namespace;
  readonly #folder: UAObject;
  readonly #anonymous: boolean;
  readonly #act: Act;
  readonly #shown = new Map<string, Shown>();

  constructor(namespace: Namespace, anonymous: boolean, act: Act) {
    this.#namespace = namespace;
    this.#anonymous = anonymous;
    this.#act = act;
    const { addressSpace } = namespace;
    openRefresh(addressSpace.findEventType("ConditionType")!, permissionsOf(undefined, anonymous));
    this.#folder = namespace.addObject({
      organizedBy: addressSpace.rootFolder.objects,
      browseName: "Alarms",
      nodeId: "s=alarms",
      eventSourceOf: addressSpace.rootFolder.objects.server,
      eventNotifier: 1,
      rolePermissions: permissionsOf(undefined, anonymous),
    });
  }

  /** Alarms as they are now: those that are not named stay as they are. */
  take(alarms: readonly OutAlarm[]): void {
    for (const out of alarms) {
      const known = this.#shown.get(out.id);
      if (known !== undefined && JSON.stringify(known.out) === JSON.stringify(out)) continue;
      // what is normal and was never shown is no event
      if (known === undefined && !out.retain) continue;
      const shown = known ?? this.#add(out);
      shown.out = out;
      this.#say(shown);
    }
  }

  /** Of all alarms those that are not named are normal: their end was missed. */
  takeAll(alarms: readonly OutAlarm[]): void {
    const named = new Set(alarms.map(({ id }) => id));
    this.take(alarms);
    for (const { out } of this.#shown.values())
      if (!named.has(out.id) && out.retain)
        this.take([
          {
            ...out,
            active: false,
            acknowledged: true,
            confirmed: true,
            shelved: false,
            suppressed: false,
            outOfService: false,
            retain: false,
          },
        ]);
  }

  #add(out: OutAlarm): Shown {
    const condition = this.#namespace.instantiateAlarmCondition("AlarmConditionType", {
      browseName: out.name,
      nodeId: `s=alarm:${out.id}`,
      conditionName: out.name,
      conditionSource: this.#folder,
      componentOf: this.#folder,
      inputNode: this.#folder.nodeId,
      optionals: ["ConfirmedState", "Confirm", "ShelvingState", "SuppressedState", "OutOfServiceState"],
      maxTimeShelved: MAX_SHELVED_MS,
    });
    condition.setEnabledState(true);
    condition.shelvingState!.setState("Unshelved");
    guardAll(condition, permissionsOf(undefined, this.#anonymous));
    const shown: Shown = { condition, out, eventId: "" };
    this.#shown.set(out.id, shown);
    this.#bind(shown);
    return shown;
  }

  /** A client acts as who it logged in as; the twin decides, and its answer is the answer. */
  #bind(shown: Shown): void {
    const { condition } = shown;
    const answered =
      (act: "acknowledge" | "confirm" | "comment") =>
      async ([eventId, comment]: Inputs, user: string | undefined): Promise<AlarmActed> => {
        const id = Buffer.isBuffer(eventId?.value) ? eventId.value.toString("hex") : "";
        if (id !== shown.eventId) return "BadEventIdUnknown";
        const text = ((comment?.value as LocalizedText | null)?.text ?? "").slice(0, MAX_COMMENT);
        const acted = await this.#as(user, { act, alarm: shown.out.id, comment: text });
        if (acted === "Good" && act === "comment") this.#comment(shown, text, user ?? "");
        return acted;
      };
    methodOf(condition.acknowledge, answered("acknowledge"));
    methodOf(condition.confirm!, answered("confirm"));
    methodOf(condition.addComment, answered("comment"));
    const shelving = condition.shelvingState!;
    const { id } = shown.out;
    methodOf(shelving.timedShelve, async ([duration], user) => {
      const milliseconds = duration?.value as unknown;
      if (typeof milliseconds !== "number" || !(milliseconds > 0 && milliseconds <= MAX_SHELVED_MS)) return "BadShelvingTimeOutOfRange";
      return this.#as(user, { act: "shelve", alarm: id, shelvedS: milliseconds / 1_000 });
    });
    methodOf(shelving.oneShotShelve, async (_inputs, user) =>
      this.#as(user, { act: "shelve", alarm: id, shelvedS: MAX_SHELVED_MS / 1_000 }),
    );
    methodOf(shelving.unshelve, async (_inputs, user) => this.#as(user, { act: "unshelve", alarm: id }));
    for (const method of [condition.enable, condition.disable]) methodOf(method, async () => "BadUserAccessDenied");
  }

  async #as(user: string | undefined, wanted: Omit<AlarmActWanted, "user">): Promise<AlarmActed> {
    return user === undefined ? "BadUserAccessDenied" : this.#act({ ...wanted, user });
  }

  #comment({ condition }: Shown, text: string, user: string): void {
    const branch = condition.currentBranch();
    branch.setComment(text);
    branch.setClientUserId(user);
    this.#raise(condition);
  }

  #raise(condition: UAAlarmConditionEx): void {
    const branch = condition.currentBranch();
    condition.raiseConditionEvent(branch, true);
    for (const shown of this.#shown.values()) if (shown.condition === condition) shown.eventId = branch.getEventId().toString("hex");
  }

  #say(shown: Shown): void {
    const { condition, out } = shown;
    const branch = condition.currentBranch();
    branch.setRetain(out.retain);
    branch.setSeverity(out.severity);
    branch.setMessage(out.message);
    branch.setTime(new Date(Math.floor(out.at / 1_000)));
    branch.setReceiveTime(new Date());
    branch.setQuality(StatusCodes.Good);
    branch.setActiveState(out.active);
    branch.setAckedState(out.acknowledged);
    branch.setConfirmedState(out.confirmed);
    branch.setSuppressedState(out.suppressed);
    const service = condition.outOfServiceState!;
    service.setValueFromSource({
      dataType: DataType.LocalizedText,
      value: new LocalizedText({ text: out.outOfService ? "Out of service" : "In service" }),
    });
    service.id.setValueFromSource({ dataType: DataType.Boolean, value: out.outOfService });
    const wanted = out.shelved ? "TimedShelved" : "Unshelved";
    if (condition.shelvingState!.getCurrentState() !== wanted) condition.shelvingState!.setState(wanted);
    branch.setClientUserId(out.by ?? "");
    branch.setComment(out.comment ?? "");
    condition.sourceName.setValueFromSource(new Variant({ dataType: DataType.String, value: out.source }));
    this.#raise(condition);
  }
}
