import { documentChange, DoppelwerkError, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PersonalTexts, PlantView } from "@doppelwerk/kit/server";
import { untilWritten } from "@doppelwerk/kit/until-written";
import type { BranchId, Change, Instant, Principal, RecordId, RecordReader, WorldRecord } from "@doppelwerk/world";
import type { z } from "zod";
import type { BoardAct, ListedBoard, ShownBoard, ShownTile } from "../contract.ts";
import type {} from "../message-codes.ts";
import { board, boardTile, type BoardFields, type TileFields } from "../model/board-kind.ts";
import { inVault, type Vault } from "./vault.ts";

export const MAX_BOARDS = 500;
export const MAX_TILES = 60;
const MAX_VERSIONS = 100;

type StoredBoard = z.output<typeof board.schema>;

/** A board with its title in plain text. */
export interface HeldBoard {
  readonly id: RecordId;
  readonly stored: StoredBoard & { readonly title: string };
}
export interface HeldTile extends ShownTile {
  readonly isGone: boolean;
}

export interface BoardOptions {
  now(): Instant;
  newId(kind: string): RecordId;
  nameOf(actor: string): string;
  readonly texts: PersonalTexts;
}

/** Boards that people lay out, as documents of branches: one a board, and one a tile. */
export class BoardStore {
  readonly #options: BoardOptions;
  readonly #vault: Vault;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#vault = inVault(options.texts);
  }

  /** Those that the principal may see, by title. */
  list(view: PlantView, branch: BranchId): ListedBoard[] {
    const reader = view.documents.reader(branch);
    const counts = new Map<string, number>();
    for (const record of reader.query({ kind: boardTile.record }))
      if (record["isGone"] !== true) counts.set(String(record["board"]), (counts.get(String(record["board"])) ?? 0) + 1);
    return reader
      .query({ kind: board.record })
      .flatMap((record) => {
        const held = this.#held(view, reader, record);
        return held === undefined ? [] : [this.#listed(view, branch, held, counts.get(held.id) ?? 0)];
      })
      .toSorted((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
  }

  /** Errors: DW_NOT_FOUND where there is none that the principal may see; then, and now. */
  read(view: PlantView, branch: BranchId, id: RecordId, revision?: number): ShownBoard {
    const newest = view.documents.reader(branch);
    const held = this.#require(view, newest, id);
    const reader = revision === undefined ? newest : view.documents.reader(branch, { revision });
    const then = revision === undefined ? held : this.#require(view, reader, id);
    const tiles = this.tiles(reader, then).filter(({ isGone }) => !isGone);
    return {
      ...this.#listed(view, branch, then, tiles.length),
      mayEdit: this.#mayEdit(view, branch, held),
      tiles: tiles.map(({ isGone: _gone, ...tile }) => tile),
      revision: revision ?? view.documents.revision(),
    };
  }

  async add(view: PlantView, branch: BranchId, fields: BoardFields, tiles: readonly Omit<ShownTile, "id">[]): Promise<ShownBoard> {
    const reader = view.documents.reader(branch);
    if (reader.query({ kind: board.record }).length >= MAX_BOARDS)
      throw new DoppelwerkError("DW_CONFLICT", message("boards.tooMany", { most: MAX_BOARDS }));
    const id = this.#options.newId("board");
    const held: HeldBoard = { id, stored: { ...fields, owner: view.principal.id, made: this.#options.now() } };
    const made = tiles.map((tile) => this.#tileChange(held, undefined, { ...tile, id: this.#options.newId("boardTile"), isGone: false }));
    await view.documents.apply({
      branch,
      reason: message("boards.log.made"),
      changes: [this.#boardChange(held, undefined), ...made].filter((change) => change !== undefined),
    });
    return this.read(view, branch, id);
  }

  /** Errors: DW_NOT_FOUND, DW_FORBIDDEN, DW_CONFLICT where a tile was set otherwise than the caller had read. */
  async act(view: PlantView, branch: BranchId, id: RecordId, acts: readonly BoardAct[]): Promise<ShownBoard> {
    const refused = await untilWritten(async () => {
      const reader = view.documents.reader(branch);
      const changes = attempt(() => this.#changesOf(reader, this.#requireEditable(view, branch, reader, id), acts));
      // what is refused now is not tried again
      if (changes instanceof DoppelwerkError) return changes;
      if (changes.length > 0) await view.documents.apply({ branch, reason: message("boards.log.changed"), changes });
      return undefined;
    });
    if (refused !== undefined) throw refused;
    return this.read(view, branch, id);
  }

  async remove(view: PlantView, branch: BranchId, id: RecordId): Promise<void> {
    const reader = view.documents.reader(branch);
    this.#requireEditable(view, branch, reader, id);
    const records = [reader.get(id)!, ...this.#tileRecords(reader, id)];
    await view.documents.apply({
      branch,
      reason: message("boards.log.removed"),
      changes: records.map((record) => ({ op: "delete", record })),
    });
  }

  /** Newest first. Errors: DW_NOT_FOUND. */
  async versions(view: PlantView, branch: BranchId, id: RecordId) {
    const reader = view.documents.reader(branch);
    this.#require(view, reader, id);
    const records = [id, ...this.#tileRecords(reader, id).map((record) => record.id)];
    const revisions = new Set(records.flatMap((each) => reader.versions(each, MAX_VERSIONS).map(({ revision }) => revision)));
    const newest = [...revisions].toSorted((a, b) => b - a).slice(0, MAX_VERSIONS);
    const found = await Promise.all(
      newest.map(async (revision) => {
        const at = view.documents.reader(branch, { revision });
        const then = this.#held(view, at, at.get(id));
        const [entry] = await view.logBefore(revision + 1, 1);
        if (then === undefined) return [];
        const tiles = this.tiles(at, then).filter(({ isGone }) => !isGone);
        return [
          {
            revision,
            at: view.documents.timeOf(revision) ?? 0,
            by: entry?.revision === revision ? this.#options.nameOf(entry.actor) : "–",
            tiles: tiles.length,
            title: then.stored.title,
          },
        ];
      }),
    );
    return found.flat();
  }

  async restore(view: PlantView, branch: BranchId, id: RecordId, revision: number): Promise<ShownBoard> {
    const before = view.documents.reader(branch, { revision });
    await untilWritten(async () => {
      const reader = view.documents.reader(branch);
      const held = this.#requireEditable(view, branch, reader, id);
      const then = this.#require(view, before, id);
      const kept = new Map(this.tiles(before, then).map((tile) => [tile.id, tile]));
      const next: HeldBoard = { id, stored: { ...then.stored, owner: held.stored.owner, made: held.stored.made } };
      const tiles = this.tiles(reader, held).map((tile) => kept.get(tile.id) ?? { ...tile, isGone: true });
      const changes = [
        this.#boardChange(next, reader.get(id)),
        ...tiles.map((tile) => this.#tileChange(next, reader.get(tile.id), tile)),
      ].filter((change) => change !== undefined);
      if (changes.length > 0) await view.documents.apply({ branch, reason: message("boards.log.restored"), changes });
    });
    return this.read(view, branch, id);
  }

  /** Those that were taken off too. */
  tiles(reader: RecordReader, held: HeldBoard): readonly HeldTile[] {
    return this.#tileRecords(reader, held.id)
      .flatMap((record) => this.#openTile(held, record) ?? [])
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  #openTile(held: HeldBoard, record: WorldRecord): HeldTile | undefined {
    const stored = readDocument(boardTile, record);
    if (stored === undefined) return undefined;
    const fields = stored.sealed === undefined ? { ...stored, kind: stored.shows } : this.#vault.open<Partial<TileFields>>(stored.sealed);
    if (fields?.kind === undefined || fields.settings === undefined || fields.moment === undefined) return undefined;
    const { kind, title, settings, moment } = fields;
    return { id: record.id, kind, ...(title !== undefined && { title }), settings, moment, place: stored.place, isGone: stored.isGone };
  }

  #tileRecords(reader: RecordReader, id: RecordId): readonly WorldRecord[] {
    return reader.query({ kind: boardTile.record }).filter((record) => record["board"] === id);
  }

  #changesOf(reader: RecordReader, held: HeldBoard, acts: readonly BoardAct[]): readonly Change[] {
    const tiles = new Map(this.tiles(reader, held).map((tile) => [tile.id, tile]));
    let next = held;
    for (const act of acts) {
      if (act.act === "board") {
        next = { id: held.id, stored: { ...next.stored, ...definedOf(act.fields) } };
        continue;
      }
      if (act.act === "place") {
        for (const { tile, place } of act.places) {
          const own = tiles.get(tile);
          if (own !== undefined) tiles.set(tile, { ...own, place });
        }
        continue;
      }
      const own = tiles.get(act.tile);
      if (act.act === "remove") {
        if (own !== undefined) tiles.set(act.tile, { ...own, isGone: true });
      } else if (act.act === "put") {
        if (own === undefined) requireFree(reader, act.tile);
        tiles.set(act.tile, { ...act.fields, id: act.tile, place: act.place, isGone: false });
      } else {
        if (own === undefined || own.isGone) throw new DoppelwerkError("DW_NOT_FOUND", message("boards.noTile"));
        requireExpected(own, act);
        tiles.set(act.tile, { ...act.fields, id: own.id, place: own.place, isGone: false });
      }
    }
    if ([...tiles.values()].filter(({ isGone }) => !isGone).length > MAX_TILES)
      throw new DoppelwerkError("DW_INVALID", message("boards.tooManyTiles", { most: MAX_TILES }));
    return [
      this.#boardChange(next, reader.get(held.id)),
      ...[...tiles.values()].map((tile) => this.#tileChange(next, reader.get(tile.id), tile)),
    ].filter((change) => change !== undefined);
  }

  #boardChange({ id, stored: { title, sealed: _sealed, ...fields } }: HeldBoard, before: WorldRecord | undefined): Change | undefined {
    const key = keyOf({ id, ...fields });
    if (key === undefined) return documentChange(board, id, before, { ...fields, title });
    const stored = before && readDocument(board, before);
    // what is sealed again differs though it says the same
    const isSame = stored?.sealed !== undefined && isSameJson(stored.sharing, fields.sharing) && this.#vault.open(stored.sealed) === title;
    return documentChange(board, id, before, { ...fields, sealed: isSame ? stored.sealed : this.#vault.seal(key, title) });
  }

  #tileChange({ id, stored }: HeldBoard, before: WorldRecord | undefined, tile: HeldTile): Change | undefined {
    const { id: own, place, isGone, ...fields } = tile;
    const key = keyOf({ id, ...stored });
    const kept = { board: id, place, isGone };
    const { kind, ...others } = fields;
    if (key === undefined) return documentChange(boardTile, own, before, { ...kept, ...others, shows: kind });
    const was = before && readDocument(boardTile, before);
    const isSame = was?.sealed !== undefined && this.#vault.isOf(key, was.sealed) && isSameJson(this.#vault.open(was.sealed), fields);
    return documentChange(boardTile, own, before, { ...kept, sealed: isSame ? was.sealed : this.#vault.seal(key, fields) });
  }

  #held(view: PlantView, reader: RecordReader, record: WorldRecord | undefined): HeldBoard | undefined {
    const stored = record?.kind === board.record ? readDocument(board, record) : undefined;
    if (record === undefined || stored === undefined || !maySee(view, reader, stored)) return undefined;
    const title = stored.sealed === undefined ? stored.title : this.#vault.open<string>(stored.sealed);
    return title === undefined ? undefined : { id: record.id, stored: { ...stored, title } };
  }

  #require(view: PlantView, reader: RecordReader, id: RecordId): HeldBoard {
    const held = this.#held(view, reader, reader.get(id));
    if (held === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("boards.none", { id: id.slice(0, 200) }));
    return held;
  }

  #requireEditable(view: PlantView, branch: BranchId, reader: RecordReader, id: RecordId): HeldBoard {
    const held = this.#require(view, reader, id);
    if (!this.#mayEdit(view, branch, held))
      throw new DoppelwerkError("DW_FORBIDDEN", message("boards.notYours", { name: this.#options.nameOf(held.stored.owner) }));
    return held;
  }

  #mayEdit(view: PlantView, branch: BranchId, { stored }: HeldBoard): boolean {
    if (!view.documents.may("enter", branch).allowed) return false;
    return stored.owner === view.principal.id || stored.editors === "readers" || view.documents.may("edit", branch).allowed;
  }

  #listed(view: PlantView, branch: BranchId, held: HeldBoard, tiles: number): ListedBoard {
    const { title, sharing, editors, wallS, owner } = held.stored;
    return {
      id: held.id,
      title,
      sharing,
      editors,
      wallS,
      owner: this.#options.nameOf(owner),
      isMine: owner === view.principal.id,
      mayEdit: this.#mayEdit(view, branch, held),
      tiles,
    };
  }
}

function attempt<Result>(work: () => Result): Result | DoppelwerkError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DoppelwerkError) return error;
    throw error;
  }
}

/** Whose key seals what not everybody sees; undefined: nothing is sealed. */
function keyOf({ id, owner, sharing }: Pick<StoredBoard, "owner" | "sharing"> & { readonly id: RecordId }): string | undefined {
  if (sharing.with === "everybody") return undefined;
  return sharing.with === "nobody" ? owner : id;
}

function maySee({ principal }: { readonly principal: Principal }, reader: RecordReader, { owner, sharing }: StoredBoard): boolean {
  if (owner === principal.id || sharing.with === "everybody") return true;
  if (sharing.with === "roles") return principal.roles.some((role) => sharing.roles.includes(role));
  return sharing.with === "place" && reader.query({ kind: "shell", index: { name: "aasId", value: sharing.shell }, limit: 1 }).length > 0;
}

function requireFree(reader: RecordReader, id: RecordId): void {
  if (reader.get(id) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("boards.tileElsewhere"));
}

function requireExpected(own: HeldTile, { fields, expected }: Extract<BoardAct, { readonly act: "set" }>): void {
  const { id: _id, place: _place, isGone: _gone, ...now } = own;
  // sent again after a break: it says so already
  if (expected === undefined || isSameJson(now, expected) || isSameJson(now, fields)) return;
  throw new DoppelwerkError("DW_CONFLICT", message("boards.setMeanwhile", { title: own.title ?? own.kind }));
}

function definedOf(fields: Partial<BoardFields>): Partial<BoardFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
