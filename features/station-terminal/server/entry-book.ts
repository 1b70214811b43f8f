import { DoppelwerkError, hashedId, message, MINUTE, type Message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { helpCalls, lineFlow, signOnRules, stopReasons } from "@doppelwerk/ports";
import { LIVE, type EventPayload, type EventRecord, type Instant, type Json, type RecordId } from "@doppelwerk/world";
import type { EntryResult } from "../contract.ts";
import type { stationTerminal } from "../feature.ts";
import type {} from "../message-codes.ts";
import { deviceOffset, instantOfEntry, isWrongClock, secondsOf, type MeasuredOffset } from "../model/device-clock.ts";
import type { TerminalEntry } from "../model/entry.ts";
import { TERMINAL_EVENTS } from "../model/event-kinds.ts";
import type { Badges } from "./badges.ts";
import { defectsAt } from "./defect-codes.ts";
import { heldInstructions } from "./instructions.ts";
import { heldLives, type LifeCounts } from "./life-items.ts";
import { isWithin } from "../model/instruction-kind.ts";
import { requireStation, type KnownStation } from "./stations.ts";

/** Numbers that are no badge, in a minute: then somebody guesses. */
const MAX_UNKNOWN_BADGES = 20;
/** What may be otherwise when it is sent again. */
const FOR_LATER: ReadonlySet<string> = new Set(["DW_UNAVAILABLE", "DW_QUEUE_FULL"]);

interface Taken {
  readonly type: string;
  readonly actor: string;
  readonly payload: EventPayload;
  readonly result?: Pick<EntryResult, "person" | "findings">;
}

export interface SentEntries {
  readonly deviceNow: Instant;
  readonly measured?: MeasuredOffset | undefined;
  readonly entries: readonly TerminalEntry[];
}

interface Asked {
  readonly view: PlantView;
  readonly place: KnownStation;
  readonly at: Instant;
  /** Who was signed on, else the account of the terminal. */
  readonly actor: string;
}

/** Entries of terminals: each is recorded once, as an event of the shell of its station. */
export class EntryBook {
  readonly #ctx: FeatureContext<typeof stationTerminal>;
  readonly #badges: Badges;
  readonly #lives: LifeCounts;
  readonly #opened: Instant;
  /** Entries are taken one call after the other, so that one that is sent twice at the same moment is seen. */
  #last: Promise<unknown> = Promise.resolve();
  #unknownBadges: Instant[] = [];

  constructor(ctx: FeatureContext<typeof stationTerminal>, badges: Badges, lives: LifeCounts) {
    this.#ctx = ctx;
    this.#lives = lives;
    this.#opened = ctx.now();
    this.#badges = badges;
  }

  take(view: PlantView, sent: SentEntries) {
    const received = this.#ctx.now();
    const taken = this.#last.then(() => this.#take(view, sent, received));
    this.#last = taken.catch(() => {
      // who asked gets it; the next one is taken all the same
    });
    return taken;
  }

  async #take(view: PlantView, { deviceNow, measured, entries }: SentEntries, received: Instant) {
    const clock = deviceOffset(deviceNow, received, measured);
    const results: EntryResult[] = [];
    for (const entry of entries) {
      const result = await this.#one(view, entry, clock);
      results.push(result);
      // what follows may build on it: it keeps its order
      if (result.status === "later") break;
    }
    return { now: received, clockOffsetS: secondsOf(clock.offset), isWrongClock: isWrongClock(clock), results };
  }

  async #one(view: PlantView, entry: TerminalEntry, clock: MeasuredOffset): Promise<EntryResult> {
    try {
      const place = await requireStation(this.#ctx.use(lineFlow), view, entry.station);
      const known = await this.#event(entry.id);
      if (known !== undefined) return { id: entry.id, status: "done", isDuplicate: true, at: known.at, ...this.#personOf(known) };
      const at = instantOfEntry(entry.deviceTime, clock.offset, this.#ctx.now());
      if (at === undefined) return refused(entry.id, message("stationTerminal.tooOld"));
      const actor = await this.#actorOf(view, place, entry);
      const { type, actor: by, payload, result } = await this.#act(entry, { view, place, at, actor });
      await this.#ctx.derivations.record([
        {
          id: hashedId("event", "terminal.entry", entry.id),
          subject: place.subject,
          type,
          at,
          origin: "entered",
          actor: by,
          payload: {
            ...payload,
            entry: entry.id,
            station: place.station,
            deviceTime: entry.deviceTime,
            ...(isWrongClock(clock) && { clockOffsetS: secondsOf(clock.offset) }),
          },
        },
      ]);
      return { id: entry.id, status: "done", at, ...result };
    } catch (error) {
      if (!(error instanceof DoppelwerkError)) throw error;
      if (FOR_LATER.has(error.code)) return { id: entry.id, status: "later", why: error.reason };
      return refused(entry.id, error.reason);
    }
  }

  async #event(entry: string, subject?: RecordId): Promise<EventRecord | undefined> {
    return this.#ctx.own.events.latest({
      branch: LIVE,
      ...(subject !== undefined && { subject }),
      key: { name: "entry", value: entry },
    });
  }

  #personOf({ type, actor }: EventRecord): Pick<EntryResult, "person"> {
    if (type !== TERMINAL_EVENTS.signedOn || actor === undefined) return {};
    return { person: { id: actor, name: this.#badges.nameOf(actor) ?? this.#ctx.nameOf(actor) } };
  }

  /** Whoever signed on with that entry at this station; nobody else is taken for the author. */
  async #actorOf(view: PlantView, place: KnownStation, { signOn }: TerminalEntry): Promise<string> {
    const event = signOn === undefined ? undefined : await this.#event(signOn, place.subject);
    return event?.type === TERMINAL_EVENTS.signedOn && event.actor !== undefined ? event.actor : view.principal.id;
  }

  /** Does what the entry is about; all of it may be done twice without harm, where the server ends before it is recorded. */
  async #act(entry: TerminalEntry, { view, place, at, actor }: Asked): Promise<Taken> {
    const { station } = place;
    const { principal } = view;
    switch (entry.kind) {
      case "signOn":
        return this.#signOn(entry.badge, station, at);
      case "signOff": {
        const event = await this.#event(entry.signOn, place.subject);
        if (event?.actor === undefined || event.type !== TERMINAL_EVENTS.signedOn)
          throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.notSignedOn"));
        return { type: TERMINAL_EVENTS.signedOff, actor: event.actor, payload: { signOn: entry.signOn } };
      }
      case "reason": {
        const reasons = this.#ctx.find(stopReasons);
        if (reasons === undefined) throw this.#missing(message("stationTerminal.noReasons"));
        await reasons.give(principal, { station, from: entry.stopFrom, reason: entry.reason });
        return { type: TERMINAL_EVENTS.reason, actor, payload: { stopFrom: entry.stopFrom, reason: entry.reason } };
      }
      case "defect": {
        const { code, count, serial, order, product, text } = entry;
        if (!defectsAt(view, LIVE, station).some((each) => each.code === code))
          throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noDefect", { code }));
        return {
          type: TERMINAL_EVENTS.defect,
          actor,
          payload: known({ code, count, serial, order, product, text: text === "" ? undefined : text }),
        };
      }
      case "step":
        return { type: TERMINAL_EVENTS.step, actor, payload: stepPayload(view, entry) };
      case "lifeReset": {
        const item = heldLives(view, LIVE).find(({ code, station: own }) => code === entry.item && own === station);
        if (item === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noLife", { code: entry.item }));
        const used = (await this.#lives.shown(view, station)).find(({ code }) => code === item.code)?.used;
        const { text } = entry;
        return {
          type: TERMINAL_EVENTS.lifeReset,
          actor,
          payload: known({ item: item.code, used, text: text === "" ? undefined : text }),
        };
      }
      case "help": {
        const calls = this.#ctx.find(helpCalls);
        if (calls === undefined) throw this.#missing(message("stationTerminal.noHelp"));
        const call = await calls.call(principal, { station, reason: entry.reason, text: entry.text, at });
        return { type: TERMINAL_EVENTS.help, actor, payload: { reason: entry.reason, call: call.id } };
      }
    }
  }

  /** Another feature may still be opening: then the entry is sent again. One that is off refuses it, so that what follows is taken. */
  #missing(why: Message): DoppelwerkError {
    return new DoppelwerkError(this.#ctx.now() - this.#opened < MINUTE ? "DW_UNAVAILABLE" : "DW_NOT_FOUND", why);
  }

  async #signOn(number: string, station: string, at: Instant): Promise<Taken> {
    const now = this.#ctx.now();
    this.#unknownBadges = this.#unknownBadges.filter((each) => each > now - MINUTE);
    if (this.#unknownBadges.length >= MAX_UNKNOWN_BADGES)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("stationTerminal.tooManyBadges"));
    const badge = this.#badges.find(number);
    if (badge === undefined) {
      this.#unknownBadges.push(now);
      throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.unknownBadge"));
    }
    const { person, name } = badge;
    const findings = (await this.#ctx.find(signOnRules)?.findings({ person, station, at })) ?? [];
    return {
      type: TERMINAL_EVENTS.signedOn,
      actor: person,
      payload: {},
      result: { person: { id: person, name }, findings: [...findings] },
    };
  }
}

const refused = (id: string, why: Message): EntryResult => ({ id, status: "refused", why });

/** Without what is not known. */
const known = (fields: Readonly<Record<string, Json | undefined>>): EventPayload =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as EventPayload;

/** A step that was done, and whether what was checked is within its limits, by the instruction as it is now. Errors: DW_NOT_FOUND. */
function stepPayload(view: PlantView, { instruction, step, product, serial, order, isOk, value }: StepEntryOf): EventPayload {
  const found = heldInstructions(view, LIVE).find(({ id }) => id === instruction)?.fields.steps[step];
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noStep"));
  const isGood = isWithin(found.check, { isOk, value });
  return known({ instruction, step, title: found.title, product, serial, order, isOk, value, isWithin: isGood });
}

type StepEntryOf = Extract<TerminalEntry, { readonly kind: "step" }>;
