import { canBeCommanded, type Commander, type Written } from "@doppelwerk/connectors/command";
import {
  DoppelwerkError,
  LIVE,
  quality,
  SECOND,
  type Clock,
  type ConnectionRecord,
  type IdSource,
  type Instant,
  type RecordId,
  type Sample,
  type SignalRecord,
  type WorldView,
} from "@doppelwerk/world";
import type { Logger } from "pino";
import type { Command, CommandValue } from "./command.ts";
import type { CommandJournal } from "./command-journal.ts";

export interface CommandServiceOptions {
  readonly journal: CommandJournal;
  readonly commander: Commander;
  readonly live: (signal: RecordId) => Sample | undefined;
  /** Whether the connection has a session with its plant now. */
  readonly isConnected: (connection: RecordId) => boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** A request that nobody confirms by then is void. */
  readonly confirmWithin?: Instant;
}

export interface CommandRequest {
  readonly signal: RecordId;
  readonly value: CommandValue;
  readonly reason: string;
}

const CONFIRM_WITHIN: Instant = 60 * SECOND;
/** Requests that wait for confirmation at once, from all people together. */
const WAITING_MOST = 100;

/**
 * The only way from here to a machine (P19): asked for by someone who may, confirmed in a second step that repeats the value, written, read back, and in
 * the journal before each step. Nothing else calls `confirm`: no merge, no run, no assistant.
 */
export class CommandService {
  readonly #options: CommandServiceOptions;

  constructor(options: CommandServiceOptions) {
    this.#options = options;
    for (const command of options.journal.commands.values()) {
      if (command.state === "writing") this.#end(command, { state: "unknown", why: "the server ended while it was being written" });
      if (command.state === "requested")
        this.#end(command, { state: "expired", why: "the server was started again before it was confirmed" });
    }
  }

  /** Newest first. */
  list(limit: number): readonly Command[] {
    this.#expire();
    return [...this.#options.journal.commands.values()].slice(-limit).reverse();
  }

  /** Throws DW_FORBIDDEN (who, or what may not be commanded), DW_NOT_FOUND, DW_INVALID (value), DW_CONFLICT (another one is under way, or a condition). */
  request(view: WorldView, { signal: id, value, reason }: CommandRequest): Command {
    this.#expire();
    const { clock, ids, journal } = this.#options;
    const { signal, connection } = this.#target(view, id);
    checkValue(signal, value);
    const waiting = [...journal.commands.values()].filter(({ state }) => state === "requested" || state === "writing");
    if (waiting.some((command) => command.signal === id))
      throw new DoppelwerkError("DW_CONFLICT", `another command for ${signal.name} waits or is being written`);
    if (waiting.length >= WAITING_MOST)
      throw new DoppelwerkError("DW_UNAVAILABLE", `${WAITING_MOST} commands wait for confirmation already`);
    const now = clock.now();
    const command: Command = {
      id: ids.next("command"),
      signal: id,
      name: signal.name,
      ...(signal.unit === undefined ? {} : { unit: signal.unit }),
      connection: connection.id,
      address: addressOf(signal, connection),
      value,
      reason,
      state: "requested",
      requestedBy: view.principal.id,
      requestedAt: now,
      expiresAt: now + (this.#options.confirmWithin ?? CONFIRM_WITHIN),
    };
    journal.put(command);
    return command;
  }

  /** Resolves when the plant answered and the value was read back. Throws as `request` does, DW_CONFLICT when it is void or the value is not the one asked for. */
  async confirm(view: WorldView, id: string, value: CommandValue): Promise<Command> {
    const command = this.#waiting(id);
    const { signal, connection } = this.#target(view, command.signal);
    if (!Object.is(value, command.value))
      throw new DoppelwerkError("DW_CONFLICT", `the command is for the value ${String(command.value)}, not ${String(value)}: ${id}`);
    if (addressOf(signal, connection) !== command.address)
      throw new DoppelwerkError("DW_CONFLICT", `the signal has another address than when it was asked for; ask again: ${id}`);
    const { journal, clock, commander, logger } = this.#options;
    const writing: Command = { ...command, state: "writing", confirmedBy: view.principal.id, confirmedAt: clock.now() };
    journal.put(writing);
    const written = await commander.write({ connection, signal, value: command.value });
    const ended = this.#end(writing, outcomeOf(written));
    logger.info({ command: ended.id, signal: ended.name, state: ended.state, by: ended.confirmedBy }, "a command");
    return ended;
  }

  withdraw(view: WorldView, id: string): Command {
    mayCommand(view);
    return this.#end(this.#waiting(id), { state: "withdrawn", why: `by ${view.principal.id}` });
  }

  async close(): Promise<void> {
    await this.#options.commander.close();
    this.#options.journal.close();
  }

  #waiting(id: string): Command {
    this.#expire();
    const command = this.#options.journal.commands.get(id);
    if (command === undefined) throw new DoppelwerkError("DW_NOT_FOUND", `no command of this id: ${id.slice(0, 100)}`);
    if (command.state !== "requested")
      throw new DoppelwerkError(
        "DW_CONFLICT",
        `the command waits for nothing, it is ${command.state}${command.why === undefined ? "" : ` (${command.why})`}: ${id}`,
      );
    return command;
  }

  /** What stands at the moment of asking must stand at the moment of confirming, too: both pass here. */
  #target(view: WorldView, id: RecordId): { readonly signal: SignalRecord; readonly connection: ConnectionRecord } {
    mayCommand(view);
    const reader = view.reader(LIVE);
    const signal = reader.get(id) as SignalRecord | undefined;
    if (signal?.kind !== "signal") throw new DoppelwerkError("DW_NOT_FOUND", `no signal of this id: ${id.slice(0, 100)}`);
    const connection = signal.connection === undefined ? undefined : (reader.get(signal.connection) as ConnectionRecord | undefined);
    const forbid = (why: string): never => {
      throw new DoppelwerkError("DW_FORBIDDEN", `${why}: ${signal.name}`);
    };
    if (connection === undefined) return forbid("the signal comes from no connection, so there is nothing to write to");
    if (signal.safety === true) return forbid("the signal belongs to a safety function and is never commanded");
    if (connection.allowCommands !== true) return forbid(`commands are off for the connection ${connection.name}`);
    if (!canBeCommanded(connection.protocol)) return forbid(`connections of ${connection.protocol} cannot be commanded`);
    if (signal.counter !== undefined) return forbid("a counter is not commanded");
    if (!connection.enabled || !this.#options.isConnected(connection.id))
      throw new DoppelwerkError("DW_UNAVAILABLE", `the connection ${connection.name} is not connected`);
    for (const { signal: condition, equals } of signal.commandWhen ?? []) {
      const stands = this.#options.live(condition);
      if (stands?.quality !== quality.good || stands.value !== equals)
        throw new DoppelwerkError(
          "DW_CONFLICT",
          `${(reader.get(condition) as SignalRecord | undefined)?.name ?? condition} must be ${String(equals)} and is ${stands?.quality === quality.good ? String(stands.value) : "not known"}: ${signal.name}`,
        );
    }
    return { signal, connection };
  }

  #expire(): void {
    const { clock, journal } = this.#options;
    const now = clock.now();
    for (const command of journal.commands.values())
      if (command.state === "requested" && now >= command.expiresAt)
        this.#end(command, { state: "expired", why: "nobody confirmed it in time" });
  }

  #end(command: Command, outcome: Pick<Command, "state" | "why" | "before" | "after">): Command {
    const ended: Command = { ...command, ...outcome, endedAt: this.#options.clock.now() };
    this.#options.journal.put(ended);
    return ended;
  }
}

function mayCommand(view: WorldView): void {
  const allowed = view.may("command", LIVE);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
}

function addressOf({ address = "" }: SignalRecord, { url }: ConnectionRecord): string {
  return `${url} ${address}`;
}

function outcomeOf(written: Written): Pick<Command, "state" | "why" | "before" | "after"> {
  if (written.kind !== "written") {
    const { kind, why, before } = written;
    return { state: kind, why, ...(before === undefined ? {} : { before }) };
  }
  const { before, after, equal } = written;
  const read = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  if (equal) return { state: "done", ...read };
  return {
    state: "differs",
    why: after === undefined ? "it was written, and nothing could be read back" : "it was written, and another value was read back",
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
  if (!fits) throw new DoppelwerkError("DW_INVALID", `the signal ${name} is of type ${valueType} and takes no ${JSON.stringify(value)}`);
}
