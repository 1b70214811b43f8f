import { canBeCommanded, hasMethods, type Called, type CallInput, type Commander, type Written } from "@doppelwerk/connectors/command";
import { message, textOf, type Message } from "@doppelwerk/kit";
import {
  DoppelwerkError,
  LIVE,
  quality,
  SECOND,
  type Clock,
  type CommandClass,
  type ConnectionRecord,
  type IdSource,
  type Instant,
  type Journal,
  type RecordId,
  type RecordReader,
  type Sample,
  type SignalRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { FeatureLog } from "@doppelwerk/kit/server";
import type { Command, CommandTarget, MethodCall } from "../contract.ts";
import type {} from "../message-codes.ts";

export interface CommandServiceOptions {
  readonly journal: Journal<Command>;
  readonly commander: Commander;
  readonly live: (signal: RecordId) => Sample | undefined;
  readonly mayRead: (view: WorldView, signal: RecordId) => boolean;
  /** Connections that have a session with their plant now. */
  readonly connected: () => Promise<ReadonlySet<RecordId>>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: FeatureLog;
  /** A request that nobody confirms by then is void. */
  readonly confirmWithin?: Instant;
}

type CommandValue = Command["value"];

export interface CommandRequest {
  readonly signal: RecordId;
  readonly value: CommandValue;
  readonly reason: string;
}

export interface CallRequest {
  readonly connection: RecordId;
  /** Addresses of the object and of its method; for a condition its own address, and what is done to it. */
  readonly object: string;
  readonly method: string;
  /** What people call it. */
  readonly name: string;
  readonly inputs: readonly CallInput[];
  readonly reason: string;
}

const CONFIRM_WITHIN: Instant = 60 * SECOND;
/** Requests that wait for confirmation at once, from all people together. */
const MAX_WAITING = 100;

/**
 * The only way from here to a machine (P19): asked for by someone who may, confirmed in a second step that repeats the value, written, read back, and in
 * the journal before each step. Nothing else calls `confirm`: no merge, no run, no assistant.
 */
export class CommandService {
  readonly #options: CommandServiceOptions;
  /** Ends that the disk refused: stored as soon as it takes them. */
  readonly #unstored = new Map<string, Command>();

  constructor(options: CommandServiceOptions) {
    this.#options = options;
    withoutNames(options.journal);
    for (const command of options.journal.items.values()) {
      if (command.state === "writing") this.#end(command, { state: "unknown", why: message("commands.serverEndedWhileWriting") });
      if (command.state === "requested") this.#end(command, { state: "expired", why: message("commands.serverRestartedBeforeConfirmed") });
    }
  }

  /** Newest first. */
  list(limit: number): readonly Command[] {
    this.#expire();
    return [...this.#options.journal.items.values()].slice(-limit).reverse();
  }

  /** A command as somebody reads it: while it waits with what its classes lack, and whether he may give it. */
  shown(view: WorldView, command: Command): Command {
    if (command.state !== "requested") return command;
    const classes = view.commandClasses(command.connection, command.signal);
    const others = ofOthers(classes);
    const confirmations = command.confirmations ?? [];
    const by = view.principal.id;
    const lacking = others.flatMap(({ class: { name, approve, approvers } }) =>
      approvers > confirmations.length ? [{ class: name, roles: approve, approvers, missing: approvers - confirmations.length }] : [],
    );
    const isOther = others.length === 0 || (by !== command.requestedBy && !confirmations.some((one) => one.by === by));
    const may = classes.every(({ mayConfirm }) => mayConfirm) && view.may("command", LIVE, command.signal ?? command.connection).allowed;
    return { ...command, ...(others.length > 0 && { lacking }), mayConfirm: isOther && may };
  }

  /** Those that only other people than who requested them confirm, and that wait for who asks. */
  waiting(view: WorldView): readonly Command[] {
    this.#expire();
    if (!view.mayAnywhere("command", LIVE).allowed) return [];
    return [...this.#options.journal.items.values()]
      .filter(({ state, requestedBy }) => state === "requested" && requestedBy !== view.principal.id)
      .filter((command) => this.mayRead(view, command))
      .map((command) => this.shown(view, command))
      .filter(({ lacking = [], mayConfirm }) => mayConfirm === true && lacking.length > 0)
      .toSorted((a, b) => a.expiresAt - b.expiresAt);
  }

  /** Signals whose connection allows commands, by name; with what stands and what must stand. Empty for who may not command. */
  async targets(view: WorldView, search: string, limit: number): Promise<readonly CommandTarget[]> {
    if (!view.mayAnywhere("command", LIVE).allowed) return [];
    const open = await this.#options.connected();
    const reader = view.reader(LIVE);
    const word = search.toLowerCase();
    const targets: CommandTarget[] = [];
    for (const connection of reader.query({ kind: "connection" }) as readonly ConnectionRecord[]) {
      if (connection.allowCommands !== true || !canBeCommanded(connection.protocol)) continue;
      const connected = connection.enabled && open.has(connection.id);
      const signals = reader.query({ kind: "signal", index: { name: "connection", value: connection.id } }) as readonly SignalRecord[];
      const byAddress = Map.groupBy(signals, ({ address }) => address);
      for (const signal of signals) {
        if (signal.counter !== undefined || !signal.name.toLowerCase().includes(word)) continue;
        const same = byAddress.get(signal.address) ?? [signal];
        const { id, name, names, unit, valueType, low, high } = signal;
        targets.push({
          signal: id,
          name,
          ...(names === undefined ? {} : { names }),
          ...(unit === undefined ? {} : { unit }),
          ...(low === undefined ? {} : { low }),
          ...(high === undefined ? {} : { high }),
          valueType,
          connection: connection.id,
          connectionName: connection.name,
          connected,
          safety: same.some(({ safety }) => safety === true),
          conditions: same.flatMap(({ commandWhen }) => commandWhen ?? []).map((condition) => this.#condition(reader, condition)),
        });
        if (targets.length >= limit) return targets;
      }
    }
    return targets.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  #condition(
    reader: RecordReader,
    { signal, equals }: NonNullable<SignalRecord["commandWhen"]>[number],
  ): CommandTarget["conditions"][number] {
    const stands = this.#options.live(signal);
    const known = stands?.quality === quality.good && stands.value !== undefined;
    return {
      signal,
      name: (reader.get(signal) as SignalRecord | undefined)?.name ?? signal,
      equals,
      ...(known ? { value: stands.value } : {}),
      holds: known && stands.value === equals,
    };
  }

  /** Throws DW_FORBIDDEN (who, or what may not be commanded), DW_NOT_FOUND, DW_INVALID (value), DW_CONFLICT (another one is under way, or a condition). */
  async request(view: WorldView, { signal: id, value, reason }: CommandRequest): Promise<Command> {
    const connected = await this.#options.connected();
    this.#expire();
    const { signal, connection } = this.#target(view, id, connected);
    checkValue(signal, value);
    return this.#ask(view, {
      signal: id,
      name: signal.name,
      ...(signal.unit === undefined ? {} : { unit: signal.unit }),
      connection: connection.id,
      address: addressOf(signal, connection),
      value,
      reason,
    });
  }

  /** As `request`, for a method. Its inputs are judged against what the plant declares when they are sent. */
  async requestCall(view: WorldView, { connection: id, object, method, name, inputs, reason }: CallRequest): Promise<Command> {
    const connected = await this.#options.connected();
    this.#expire();
    const call = { object, method, inputs };
    const connection = this.#callTarget(view, id, call, connected);
    return this.#ask(view, {
      call,
      name,
      connection: connection.id,
      address: callAddress(call, connection),
      value: JSON.stringify(inputs),
      reason,
    });
  }

  #ask(
    view: WorldView,
    asked: Pick<Command, "signal" | "call" | "name" | "unit" | "connection" | "address" | "value" | "reason">,
  ): Command {
    const { clock, ids, journal } = this.#options;
    const waiting = [...journal.items.values()].filter(({ state }) => state === "requested" || state === "writing");
    if (waiting.some(({ address }) => address === asked.address))
      throw new DoppelwerkError("DW_CONFLICT", message("commands.anotherCommandWaitsOrBeingWritten", { name: asked.name }));
    if (waiting.length >= MAX_WAITING)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("commands.commandsWaitConfirmation", { waitingMost: MAX_WAITING }));
    const now = clock.now();
    const classes = view.commandClasses(asked.connection, asked.signal);
    const barred = classes.find(({ mayRequest }) => !mayRequest);
    if (barred !== undefined)
      throw new DoppelwerkError(
        "DW_FORBIDDEN",
        message("commands.classRequest", { class: barred.class.name, roles: barred.class.propose.join(", ") }),
      );
    const command: Command = {
      id: ids.next("command"),
      ...asked,
      state: "requested",
      requestedBy: view.principal.id,
      requestedAt: now,
      expiresAt: now + (this.#options.confirmWithin ?? confirmWithin(classes)),
    };
    journal.put(command);
    return command;
  }

  /** Whether who confirms it must just have proved to be there: its connection says so. Errors: DW_NOT_FOUND, DW_CONFLICT where it waits no more. */
  needsPresence(view: WorldView, id: string): boolean {
    mayCommand(view);
    const { connection } = this.#waiting(view, id);
    if (view.commandClasses(connection).some(({ class: { presence } }) => presence)) return true;
    return (view.reader(LIVE).get(connection) as ConnectionRecord | undefined)?.commandPresence === true;
  }

  /** Resolves when the plant answered and the value was read back. Throws as `request` does, DW_CONFLICT when it is void or the value is not the one asked for. */
  async confirm(view: WorldView, id: string, value: CommandValue): Promise<Command> {
    const connected = await this.#options.connected();
    const command = this.#waiting(view, id);
    if (!Object.is(value, command.value))
      throw new DoppelwerkError(
        "DW_CONFLICT",
        message("commands.commandValue", { value: String(command.value), value2: String(value), id }),
      );
    const send = this.#sender(view, command, connected);
    const { journal, clock, log } = this.#options;
    const confirmed = confirmedBy(command, view, clock.now());
    if (!confirmed.isComplete) {
      journal.put(confirmed.command);
      return confirmed.command;
    }
    const writing: Command = { ...confirmed.command, state: "writing", confirmedBy: view.principal.id, confirmedAt: clock.now() };
    journal.put(writing);
    const ended = this.#end(writing, await send());
    log.info({ command: ended.id, signal: ended.name, state: ended.state, by: ended.confirmedBy }, "a command");
    return ended;
  }

  /** Judged again: what stood at the moment of asking must stand at the moment of confirming. */
  #sender(view: WorldView, command: Command, connected: ReadonlySet<RecordId>): () => Promise<Outcome> {
    const { commander } = this.#options;
    const { call } = command;
    const changed = (): never => {
      throw new DoppelwerkError("DW_CONFLICT", message("commands.anotherAddressWhenAsked", { id: command.id }));
    };
    if (call !== undefined) {
      const connection = this.#callTarget(view, command.connection, call, connected);
      if (callAddress(call, connection) !== command.address) changed();
      return async () => outcomeOfCall(await commander.call({ connection, call }));
    }
    const { signal, connection } = this.#target(view, command.signal!, connected);
    if (addressOf(signal, connection) !== command.address) changed();
    return async () => outcomeOf(await commander.write({ connection, signal, value: command.value }));
  }

  withdraw(view: WorldView, id: string): Command {
    mayCommand(view);
    const command = this.#waiting(view, id);
    mayCommand(view, command.signal ?? command.connection);
    return this.#end(command, { state: "withdrawn", withdrawnBy: view.principal.id });
  }

  async close(): Promise<void> {
    await this.#options.commander.close();
    this.#options.journal.close();
  }

  /** A command tells of its signal. */
  mayRead(view: WorldView, { signal }: Command): boolean {
    return signal === undefined || this.#options.mayRead(view, signal);
  }

  #waiting(view: WorldView, id: string): Command {
    this.#expire();
    const command = this.#options.journal.items.get(id);
    if (command === undefined || !this.mayRead(view, command))
      throw new DoppelwerkError("DW_NOT_FOUND", message("commands.noCommandId", { id: id.slice(0, 100) }));
    if (command.state !== "requested")
      throw new DoppelwerkError(
        "DW_CONFLICT",
        message("commands.commandWaitsNothing", { state: command.state, why: command.why === undefined ? "" : ` (${command.why})`, id }),
      );
    return command;
  }

  /** What stands at the moment of asking must stand at the moment of confirming, too: both pass here. */
  #target(
    view: WorldView,
    id: RecordId,
    connected: ReadonlySet<RecordId>,
  ): { readonly signal: SignalRecord; readonly connection: ConnectionRecord } {
    mayCommand(view);
    const reader = view.reader(LIVE);
    const signal = reader.get(id) as SignalRecord | undefined;
    if (signal?.kind !== "signal") throw new DoppelwerkError("DW_NOT_FOUND", message("commands.noSignalId", { id: id.slice(0, 100) }));
    mayCommand(view, id);
    const connection = signal.connection === undefined ? undefined : (reader.get(signal.connection) as ConnectionRecord | undefined);
    const forbid = (why: Message): never => {
      throw new DoppelwerkError("DW_FORBIDDEN", why);
    };
    if (connection === undefined) return forbid(message("commands.signalComesNoConnection", { name: signal.name }));
    const same = atSameAddress(reader, signal);
    if (same.some(({ safety }) => safety === true))
      return forbid(message("commands.signalBelongsSafetyFunctionNever", { name: signal.name }));
    if (connection.allowCommands !== true)
      return forbid(message("commands.commandsOffConnection", { name: connection.name, name2: signal.name }));
    if (!canBeCommanded(connection.protocol))
      return forbid(message("commands.connectionsCannotCommanded", { protocol: connection.protocol, name: signal.name }));
    if (signal.counter !== undefined) return forbid(message("commands.counterNotCommanded", { name: signal.name }));
    if (!connection.enabled || !connected.has(connection.id))
      throw new DoppelwerkError("DW_UNAVAILABLE", message("commands.connectionNotConnected", { name: connection.name }));
    for (const { signal: condition, equals } of same.flatMap(({ commandWhen }) => commandWhen ?? [])) {
      const stands = this.#options.live(condition);
      if (stands?.quality !== quality.good || stands.value !== equals)
        throw new DoppelwerkError(
          "DW_CONFLICT",
          message("commands.must", {
            name: (reader.get(condition) as SignalRecord | undefined)?.name ?? condition,
            equals: String(equals),
            quality: stands?.quality === quality.good ? String(stands.value) : "not known",
            name2: signal.name,
          }),
        );
    }
    return { signal, connection };
  }

  #callTarget(view: WorldView, id: RecordId, { object, method }: MethodCall, connected: ReadonlySet<RecordId>): ConnectionRecord {
    mayCommand(view);
    const connection = view.reader(LIVE).get(id) as ConnectionRecord | undefined;
    if (connection?.kind !== "connection")
      throw new DoppelwerkError("DW_NOT_FOUND", message("commands.noConnectionId", { id: id.slice(0, 100) }));
    mayCommand(view, id);
    const forbid = (why: Message): never => {
      throw new DoppelwerkError("DW_FORBIDDEN", why);
    };
    if (connection.allowCommands !== true)
      return forbid(message("commands.commandsOffConnection", { name: connection.name, name2: method.slice(0, 200) }));
    if (!hasMethods(connection.protocol))
      return forbid(message("commands.connectionsNoMethods", { protocol: connection.protocol, method: method.slice(0, 200) }));
    // the server's own methods (Part 5) change sessions, subscriptions, certificates: none of them is the plant's
    if (!isOfPlant(object)) return forbid(message("commands.methodsServerItselfNeverCalled", { method: method.slice(0, 200) }));
    if (!connection.enabled || !connected.has(connection.id))
      throw new DoppelwerkError("DW_UNAVAILABLE", message("commands.connectionNotConnected", { name: connection.name }));
    return connection;
  }

  #expire(): void {
    const { clock, journal } = this.#options;
    const now = clock.now();
    for (const ended of this.#unstored.values()) this.#store(ended);
    for (const command of journal.items.values())
      if (command.state === "requested" && now >= command.expiresAt)
        this.#end(command, { state: "expired", why: message("commands.notConfirmedInTime") });
  }

  #end(command: Command, { why, ...outcome }: Outcome): Command {
    const reason = why === undefined ? {} : { why: textOf(why), whyTold: why };
    const ended = { ...command, ...outcome, ...reason, endedAt: this.#options.clock.now() };
    this.#store(ended);
    return ended;
  }

  #store(ended: Command): void {
    this.#unstored.set(ended.id, ended);
    this.#options.journal.put(ended);
    this.#unstored.delete(ended.id);
  }
}

/** Somebody else has to be found for it. */
const CONFIRM_BY_OTHERS_WITHIN: Instant = 300 * SECOND;

/** Classes whose commands are confirmed by somebody else. */
function ofOthers(classes: readonly CommandClass[]): readonly CommandClass[] {
  return classes.filter(({ class: { directWrites } }) => !directWrites);
}

function confirmWithin(classes: readonly CommandClass[]): Instant {
  const others = ofOthers(classes);
  if (others.length === 0) return CONFIRM_WITHIN;
  return Math.min(...others.map(({ class: { expiresAfter = CONFIRM_BY_OTHERS_WITHIN } }) => expiresAfter));
}

/** The command with the confirmation of who asks, and whether as many people confirmed it as its classes say. */
function confirmedBy(command: Command, view: WorldView, now: Instant): { readonly command: Command; readonly isComplete: boolean } {
  const classes = view.commandClasses(command.connection, command.signal);
  const barred = classes.find(({ mayConfirm }) => !mayConfirm);
  if (barred !== undefined)
    throw new DoppelwerkError(
      "DW_FORBIDDEN",
      message("commands.classConfirm", { class: barred.class.name, roles: barred.class.approve.join(", ") }),
    );
  const others = ofOthers(classes);
  const [first] = others;
  if (first === undefined) return { command, isComplete: true };
  const by = view.principal.id;
  if (by === command.requestedBy) throw new DoppelwerkError("DW_SAME_PERSON", message("commands.classOther", { class: first.class.name }));
  const confirmations = [...(command.confirmations ?? []).filter((one) => one.by !== by), { by, at: now }];
  const needed = Math.max(...others.map(({ class: { approvers } }) => approvers));
  return { command: { ...command, confirmations }, isComplete: confirmations.length >= needed };
}

/** Two signals may show one variable: what is forbidden for one of them is forbidden for the variable. */
function atSameAddress(reader: RecordReader, signal: SignalRecord): readonly SignalRecord[] {
  if (signal.connection === undefined) return [signal];
  const all = reader.query({ kind: "signal", index: { name: "connection", value: signal.connection } }) as readonly SignalRecord[];
  return all.filter(({ address }) => address === signal.address);
}

/** Older versions wrote the name of who withdrew a command, which nobody could erase: names are kept by the server alone. */
function withoutNames(journal: Journal<Command>): void {
  const isNamed = ({ state, why }: Command): boolean => state === "withdrawn" && why?.startsWith("by ") === true;
  const commands = [...journal.items.values()];
  if (commands.some(isNamed))
    journal.replace(commands.map(({ why, ...rest }) => (why === undefined || isNamed({ ...rest, why }) ? rest : { ...rest, why })));
}

/** `subject`: the signal or connection; a role at its place is asked for where the world has such. */
function mayCommand(view: WorldView, subject?: RecordId): void {
  const allowed = subject === undefined ? view.mayAnywhere("command", LIVE) : view.may("command", LIVE, subject);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
}

function addressOf({ address = "" }: SignalRecord, { url }: ConnectionRecord): string {
  return `${url} ${address}`;
}

function callAddress({ object, method }: MethodCall, { url }: ConnectionRecord): string {
  return `${url} ${object} ${method}`;
}

/** With a namespace URI that is not OPC UA's own. */
function isOfPlant(object: string): boolean {
  const uri = /^(?:condition:)?nsu=([^;]+);/.exec(object)?.[1];
  return uri !== undefined && !/^http:\/\/opcfoundation\.org\/UA\/$/.test(uri);
}

type Outcome = Pick<Command, "state" | "withdrawnBy" | "before" | "after"> & { readonly why?: Message };

function outcomeOfCall(called: Called): Outcome {
  return called.kind === "called" ? { state: "done", after: JSON.stringify(called.outputs) } : { state: called.kind, why: called.why };
}

function outcomeOf(written: Written): Outcome {
  if (written.kind !== "written") {
    const { kind, why, before } = written;
    return { state: kind, why, ...(before === undefined ? {} : { before }) };
  }
  const { before, after, equal } = written;
  const read = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  if (equal) return { state: "done", ...read };
  return {
    state: "differs",
    why: after === undefined ? message("commands.writtenNotReadBack") : message("commands.writtenReadsOtherwise"),
    ...read,
  };
}

function checkValue({ name, valueType }: SignalRecord, value: CommandValue): void {
  const fits =
    valueType === "boolean"
      ? typeof value === "boolean"
      : valueType === "string"
        ? typeof value === "string"
        : typeof value === "number" && Number.isFinite(value) && (valueType === "double" || Number.isSafeInteger(value));
  if (!fits)
    throw new DoppelwerkError("DW_INVALID", message("commands.signalTypeTakesNo", { name, valueType, value: JSON.stringify(value) }));
}
