import { documentChange, DoppelwerkError, isSameJson, message, readDocument, type Message, type RecordId } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { LIVE, reasonOf, type Instant } from "@doppelwerk/world";
import type { SourceState } from "../contract.ts";
import type { personnel } from "../feature.ts";
import type {} from "../message-codes.ts";
import { rosterSourceKind, type RosterSourceFields } from "../model/roster-kind.ts";
import { folderWithin, newFilesOf, rowsOfFile } from "./roster-folder.ts";
import type { RosterIntake, Taken } from "./roster-intake.ts";

type Ctx = FeatureContext<typeof personnel>;
type Fault = SourceState["faults"][number];

/** What is kept of a source over a restart: written once its rows are stored. */
interface Kept {
  readonly seen: Readonly<Record<string, string>>;
  readonly lastAt?: Instant;
  readonly files: number;
  readonly rows: number;
  readonly refused: number;
  readonly faults: readonly Fault[];
}

const NOTHING: Kept = { seen: {}, files: 0, rows: 0, refused: 0, faults: [] };
const MAX_FAULTS = 100;
const MAX_SEEN = 20_000;
const MAX_BACKOFF_S = 60;

/** Folders of live that rosters come from, each read while it is on. */
export class RosterSources {
  readonly #ctx: Ctx;
  readonly #intake: RosterIntake;
  readonly #running = new Map<RecordId, Runner>();
  readonly #uncommit: () => void;
  #following: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(ctx: Ctx, intake: RosterIntake) {
    this.#ctx = ctx;
    this.#intake = intake;
    this.#uncommit = ctx.own.documents.onCommit(({ entry }) => {
      if (entry.branch === LIVE && entry.changes.some((change) => this.#isOfSource(change))) void this.settled();
    });
    void this.settled();
  }

  /** Once what is in the documents is in effect. */
  settled(): Promise<void> {
    this.#following = this.#following
      .then(() => this.#adjust())
      .catch((error: unknown) => this.#ctx.log.error({ err: error }, "folders of rosters could not be opened"));
    return this.#following;
  }

  states(): SourceState[] {
    return [...this.#running.values()].map(({ state }) => state);
  }

  /** Errors: DW_NOT_FOUND. */
  require(id: RecordId): SourceState {
    const found = this.#running.get(id);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("personnel.noSource", { id: id.slice(0, 100) }));
    return found.state;
  }

  async store(view: PlantView, id: RecordId, fields: RosterSourceFields): Promise<SourceState> {
    const change = documentChange(rosterSourceKind, id, view.documents.reader(LIVE).get(id), fields);
    const reason = message("personnel.log.source", { name: fields.name });
    if (change) await view.documents.apply({ branch: LIVE, reason, changes: [change] });
    await this.settled();
    return this.require(id);
  }

  async remove(view: PlantView, id: RecordId): Promise<void> {
    const { fields } = this.require(id);
    const record = view.documents.reader(LIVE).get(id);
    const reason = message("personnel.log.sourceRemoved", { name: fields.name });
    if (record) await view.documents.apply({ branch: LIVE, reason, changes: [{ op: "delete", record }] });
    await this.settled();
    await this.#ctx.store.set(keptName(id), NOTHING);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#uncommit();
    await this.#following;
    await Promise.all([...this.#running.values()].map((runner) => runner.close()));
  }

  #isOfSource(change: { readonly op: string; readonly record?: { readonly kind: string }; readonly id?: string }): boolean {
    return change.record === undefined ? this.#running.has(change.id ?? "") : change.record.kind === rosterSourceKind.record;
  }

  async #adjust(): Promise<void> {
    if (this.#isClosed) return;
    const wanted = new Map(
      this.#ctx.own.documents
        .reader(LIVE)
        .query({ kind: rosterSourceKind.record })
        .flatMap((record) => {
          const fields = readDocument(rosterSourceKind, record);
          return fields === undefined ? [] : [[record.id, fields] as const];
        }),
    );
    for (const [id, runner] of this.#running) {
      if (isSameJson(wanted.get(id), runner.fields)) continue;
      await runner.close();
      this.#running.delete(id);
    }
    for (const [id, fields] of wanted) if (!this.#running.has(id)) this.#running.set(id, new Runner(this.#ctx, this.#intake, id, fields));
  }
}

const keptName = (id: string): string => `source ${id}`;

/** Reads one folder again and again. What fails is tried again, later each time. */
class Runner {
  readonly #ctx: Ctx;
  readonly #intake: RosterIntake;
  readonly #id: RecordId;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  readonly fields: RosterSourceFields;
  #kept: Kept;
  #isRead = false;
  #failing: Message | undefined;

  constructor(ctx: Ctx, intake: RosterIntake, id: RecordId, fields: RosterSourceFields) {
    this.#ctx = ctx;
    this.#intake = intake;
    this.#id = id;
    this.fields = fields;
    this.#kept = { ...NOTHING, ...(ctx.store.get(keptName(id)) as Partial<Kept> | undefined) };
    this.#done = fields.isOn ? this.#run() : Promise.resolve();
  }

  get state(): SourceState {
    const { lastAt, files, rows, refused, faults } = this.#kept;
    const state = !this.fields.isOn ? "paused" : this.#failing ? "failing" : this.#isRead ? "connected" : "reading";
    return {
      id: this.#id,
      fields: this.fields,
      state,
      ...(this.#failing !== undefined && { reason: this.#failing as Fault["reason"] }),
      ...(lastAt !== undefined && { lastAt }),
      files,
      rows,
      refused,
      faults: [...faults],
    };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#read();
        [this.#failing, this.#isRead, failures] = [undefined, true, 0];
      } catch (error) {
        failures++;
        this.#failing = reasonOf(error);
      }
      const s = failures === 0 ? this.fields.intervalS : Math.min(MAX_BACKOFF_S, this.fields.intervalS * 2 ** Math.min(failures, 10));
      await pause(s * 1_000, this.#stop.signal);
    }
  }

  async #read(): Promise<void> {
    const folder = folderWithin(this.fields.path, this.#ctx.fileFolders);
    for (const file of newFilesOf(folder, this.#kept.seen)) {
      if (this.#stop.signal.aborted) return;
      let taken: Taken;
      try {
        taken = await this.#intake.take(this.fields, file.kind, file.name, rowsOfFile(folder, file));
      } catch (error) {
        // what is wrong with the file is shown; a server that cannot store reads it again
        if (!(error instanceof DoppelwerkError) || error.code !== "DW_INVALID") throw error;
        taken = { rows: 0, faults: [{ line: 1, reason: reasonOf(error) }] };
      }
      await this.#keep(file, taken);
    }
  }

  /** A crash before this reads the file again, which changes nothing then. */
  async #keep({ name, stamp }: { readonly name: string; readonly stamp: string }, { rows, faults }: Taken): Promise<void> {
    const now = this.#ctx.now();
    const found = faults.map(({ line, reason }): Fault => ({ at: now, where: `${name}:${line}`, reason: reason as Fault["reason"] }));
    const { [name]: _, ...others } = this.#kept.seen;
    // what was found in an earlier version of the file is of no use any more
    const before = this.#kept.faults.filter(({ where }) => !where.startsWith(`${name}:`));
    this.#kept = {
      seen: Object.fromEntries([...Object.entries(others), [name, stamp]].slice(-MAX_SEEN)),
      lastAt: now,
      files: this.#kept.files + 1,
      rows: this.#kept.rows + rows,
      refused: this.#kept.refused + faults.length,
      faults: [...found, ...before].slice(0, MAX_FAULTS),
    };
    await this.#ctx.store.set(keptName(this.#id), this.#kept);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
