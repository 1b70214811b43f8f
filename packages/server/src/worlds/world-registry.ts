import { setTimeout } from "node:timers/promises";
import { HOME_WORLD, type ListedWorld, type WorldContent } from "@doppelwerk/client";
import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { archivedFile, openingFile, restoredFile, type WorldFile } from "./world-file.ts";
import type { WorldFolder, WorldFolders } from "./world-folders.ts";
import { noWorld } from "./world-names.ts";
import { Turns } from "./turns.ts";

/** A world as its registry handles it. */
export interface ManagedWorld {
  /** `viewed`: somebody looks at it, or it works. `connected`: a plant is connected, so that it records whoever looks. */
  activity(): Promise<{ readonly viewed: boolean; readonly connected: boolean }>;
  close(): Promise<void>;
}

export interface WorldRegistryOptions<World extends ManagedWorld> {
  readonly folders: WorldFolders;
  /** Of the short addresses; whoever opened it closes it. */
  readonly home: World;
  open(folder: WorldFolder, file: WorldFile): Promise<World>;
  /** Milliseconds; only differences count. */
  now(): number;
  onFault(what: string, world: string, error: unknown): void;
  /** Holds what is kept of a world outside of its folder, by its id, until it is forgotten or released. Errors: DW_UNAVAILABLE. */
  readonly holdElsewhere?: (id: string) => Promise<{ forget(): Promise<void>; release(): Promise<void> }>;
  /** Beside the default world; default 100. */
  readonly maxOpen?: number;
  /** A world that nobody uses for so long is closed; default 10 minutes. */
  readonly idleMs?: number;
  /** So long a request waits for its world to open; default one minute. */
  readonly maxWaitMs?: number;
}

/** A use of an open world: it stays open until `leave` is called. */
export interface Visit<World> {
  readonly world: World;
  leave(): void;
}

interface Slot<World> {
  readonly name: string;
  state: "opening" | "open" | "closing";
  /** Resolves with the world; rejects where it could not be opened. */
  readonly opened: Promise<World>;
  world: World | undefined;
  closed: Promise<void> | undefined;
  visits: number;
  usedAt: number;
}

interface Failure {
  readonly error: unknown;
  readonly at: number;
}

const MAX_OPEN = 100;
const IDLE_MS = 10 * 60_000;
const MAX_WAIT_MS = 60_000;
/** Opened at once; the others wait their turn, so that many first requests do not slow down the worlds that are open. */
const MAX_OPENING = 3;
/** A world that could not be opened is tried again no sooner. */
const RETRY_MS = 5_000;
const [MAX_DRAIN_MS, DRAIN_STEP_MS] = [2_000, 20];

/**
 * The worlds of one server. The default one is open all the time; each other opens when it is first asked for and closes when nobody has used it for
 * a while, nobody looks at it and no plant is connected to it. One that cannot be opened is answered as such and harms none of the others.
 */
export class WorldRegistry<World extends ManagedWorld> {
  readonly #options: WorldRegistryOptions<World>;
  readonly #slots = new Map<string, Slot<World>>();
  readonly #failures = new Map<string, Failure>();
  /** Create, rename, archive, restore, delete: one after another. */
  readonly #changes = new Turns(1);
  readonly #openings = new Turns(MAX_OPENING);
  /** What must not open now: it is being renamed, archived or deleted. */
  readonly #held = new Set<string>();
  #closed = false;

  constructor(options: WorldRegistryOptions<World>) {
    this.#options = options;
  }

  get home(): World {
    return this.#options.home;
  }

  /** Those that are open now, the default one first. */
  open(): readonly World[] {
    return [this.home, ...[...this.#slots.values()].flatMap(({ world }) => world ?? [])];
  }

  list(): readonly ListedWorld[] {
    const home: ListedWorld = { name: HOME_WORLD, title: this.#options.folders.homeTitle(), state: "open" };
    return [home, ...this.#options.folders.list().map((folder) => this.#listed(folder))];
  }

  /** Errors: DW_NOT_FOUND. */
  find(name: string): ListedWorld {
    if (name === HOME_WORLD) return this.list()[0]!;
    return this.#listed(this.#folder(name));
  }

  /** Files of a world, whether open or not. Errors: DW_NOT_FOUND; DW_CONFLICT for the default world. */
  content(name: string): WorldContent {
    refuseHome(name);
    const { title, state } = this.find(name);
    return { name, title, state, ...this.#options.folders.content(name) };
  }

  /**
   * Opens the world where it is closed. Errors: DW_NOT_FOUND; DW_CONFLICT (in the archive); DW_DAMAGED, DW_FORMAT_NEWER; DW_UNAVAILABLE (being
   * opened for longer than a request waits, too many are open, being changed, or this server ends).
   */
  async enter(name: string): Promise<Visit<World>> {
    if (name === HOME_WORLD) return { world: this.home, leave: () => {} };
    let slot = await this.#slot(name);
    // it may have begun to close in the very turn that it was found in
    while (slot.closed !== undefined) slot = await this.#slot(name);
    slot.visits++;
    try {
      const world = await this.#inTime(slot.opened, name);
      let isLeft = false;
      const leave = (): void => {
        if (isLeft) return;
        isLeft = true;
        slot.visits--;
        slot.usedAt = this.#options.now();
      };
      return { world, leave };
    } catch (error) {
      slot.visits--;
      throw error;
    }
  }

  /** Errors: DW_INVALID, DW_CONFLICT, DW_UNAVAILABLE. */
  create(name: string, title?: string): Promise<ListedWorld> {
    return this.#changes.take(async () => this.#listed(await this.#options.folders.create(name, title)));
  }

  /** Closes the world where it is open. Errors: DW_NOT_FOUND, DW_CONFLICT, DW_INVALID, DW_UNAVAILABLE. */
  rename(name: string, next: string): Promise<ListedWorld> {
    return this.#changing(name, async () => {
      this.#failures.delete(name);
      return this.#listed(await this.#options.folders.rename(name, next));
    });
  }

  /** The world stays open. Errors: DW_NOT_FOUND, DW_DAMAGED, DW_UNAVAILABLE. */
  retitle(name: string, title: string): Promise<ListedWorld> {
    return this.#changes.take(async () => {
      const { folders } = this.#options;
      const change = (file: WorldFile): WorldFile => ({ ...file, title });
      if (name === HOME_WORLD) folders.retitleHome(title);
      else if (this.#slots.has(name)) folders.changeOpen(name, change);
      else await folders.change(name, change);
      return this.find(name);
    });
  }

  /** Closes the world; it answers nobody until it is restored. Errors: DW_NOT_FOUND, DW_CONFLICT, DW_DAMAGED, DW_UNAVAILABLE. */
  archive(name: string): Promise<ListedWorld> {
    const at = new Date().toISOString();
    return this.#changing(name, async () => this.#listed(await this.#options.folders.change(name, (file) => archivedFile(file, at))));
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT, DW_DAMAGED, DW_UNAVAILABLE. */
  restore(name: string): Promise<ListedWorld> {
    return this.#changing(name, async () => this.#listed(await this.#options.folders.change(name, restoredFile)));
  }

  /** What went with it. Errors: DW_NOT_FOUND, DW_CONFLICT, DW_UNAVAILABLE. */
  remove(name: string): Promise<WorldContent> {
    return this.#changing(name, async () => {
      const content = this.content(name);
      const { file } = this.#folder(name);
      const held = file instanceof DoppelwerkError ? undefined : await this.#options.holdElsewhere?.(file.id);
      try {
        await this.#options.folders.remove(name, async () => held?.forget());
      } finally {
        await held?.release();
      }
      this.#failures.delete(name);
      return { ...content, state: "closed" as const };
    });
  }

  /** Removes what killed processes left, and opens the worlds that plants are connected to. Resolves when they are open, or have failed. */
  async start(): Promise<void> {
    await this.#options.folders
      .sweep(Date.now(), (id) => this.#forget(id))
      .catch((error: unknown) => {
        this.#options.onFault("what a deletion left could not be removed; it is tried with the next start", "", error);
      });
    const always = this.#options.folders.list().filter(({ file }) => !(file instanceof DoppelwerkError) && opensWithServer(file));
    await Promise.all(
      always.map(({ name }) =>
        this.enter(name).then(
          ({ leave }) => leave(),
          (error: unknown) => this.#options.onFault("it could not be opened with the server", name, error),
        ),
      ),
    );
  }

  async #forget(id: string): Promise<void> {
    const held = await this.#options.holdElsewhere?.(id);
    try {
      await held?.forget();
    } finally {
      await held?.release();
    }
  }

  /** Closes what nobody uses; keeps in mind which worlds a plant is connected to. */
  async tidy(): Promise<void> {
    const { idleMs = IDLE_MS, now } = this.#options;
    for (const slot of this.#slots.values()) {
      if (slot.state !== "open" || slot.world === undefined) continue;
      const { viewed, connected } = await slot.world.activity();
      this.#remember(slot.name, connected);
      if (viewed || connected) slot.usedAt = now();
      else if (slot.visits === 0 && now() - slot.usedAt >= idleMs) await this.#close(slot);
    }
  }

  /** Every world but the default one. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#slots.values()].map((slot) => this.#close(slot)));
    await this.#changes.settled();
  }

  #folder(name: string): WorldFolder {
    const folder = this.#options.folders.find(name);
    if (folder === undefined) throw noWorld(name);
    return folder;
  }

  #listed({ name, file }: WorldFolder): ListedWorld {
    const slot = this.#slots.get(name);
    if (file instanceof DoppelwerkError) return { name, title: name, state: "failed", message: file.message, reason: file.reason };
    const { title } = file;
    if (slot !== undefined) return { name, title, state: slot.state };
    if (file.archivedAt !== undefined) return { name, title, state: "archived" };
    const error = this.#failures.get(name)?.error;
    if (error === undefined) return { name, title, state: "closed" };
    if (error instanceof DoppelwerkError) return { name, title, state: "failed", message: error.message, reason: error.reason };
    const reason = message("server.worldFailedByBug");
    return { name, title, state: "failed", message: textOf(reason), reason };
  }

  /** One that is open or opening; what is closing is waited for. */
  async #slot(name: string): Promise<Slot<World>> {
    for (;;) {
      const slot = this.#slots.get(name);
      if (slot?.closed !== undefined) await slot.closed;
      else if (slot !== undefined) return slot;
      else {
        const openable = this.#openable(name);
        if (this.#slots.size < (this.#options.maxOpen ?? MAX_OPEN)) return this.#begin(...openable);
        await this.#makeRoom(name);
      }
    }
  }

  #openable(name: string): readonly [folder: WorldFolder, file: WorldFile] {
    if (this.#closed) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.serverEnds"));
    const folder = this.#folder(name);
    const { file } = folder;
    if (file instanceof DoppelwerkError) throw file;
    if (file.archivedAt !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.worldArchived", { name }));
    if (this.#held.has(name)) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.worldChanging", { name }));
    const failure = this.#failures.get(name);
    if (failure !== undefined && this.#options.now() - failure.at < RETRY_MS) throw failure.error;
    return [folder, file];
  }

  #begin(folder: WorldFolder, file: WorldFile): Slot<World> {
    const { name } = folder;
    const opened = this.#openings.take(() => this.#options.open(folder, file));
    const slot: Slot<World> = {
      name,
      state: "opening",
      opened,
      world: undefined,
      closed: undefined,
      visits: 0,
      usedAt: this.#options.now(),
    };
    this.#slots.set(name, slot);
    opened.then(
      (world) => {
        this.#failures.delete(name);
        slot.world = world;
        if (slot.state === "opening") slot.state = "open";
        slot.usedAt = this.#options.now();
      },
      (error: unknown) => {
        this.#slots.delete(name);
        this.#failures.set(name, { error, at: this.#options.now() });
        this.#options.onFault("it could not be opened", name, error);
      },
    );
    return slot;
  }

  /** Closes the world that was unused for longest. Errors: DW_UNAVAILABLE where each is in use. */
  async #makeRoom(name: string): Promise<void> {
    const unused = [...this.#slots.values()].filter(({ state, visits }) => state === "open" && visits === 0);
    for (const slot of unused.toSorted((a, b) => a.usedAt - b.usedAt)) {
      const { viewed, connected } = await slot.world!.activity();
      if (!viewed && !connected && slot.visits === 0) return this.#close(slot);
    }
    throw new DoppelwerkError("DW_UNAVAILABLE", message("server.worldsOpenLimit", { name, max: this.#options.maxOpen ?? MAX_OPEN }));
  }

  #close(slot: Slot<World>): Promise<void> {
    slot.state = "closing";
    slot.closed ??= slot.opened
      .then(async (world) => {
        await this.#drained(slot);
        await world.close();
      })
      .catch((error: unknown) => this.#options.onFault("closing it failed", slot.name, error))
      .finally(() => this.#slots.delete(slot.name));
    return slot.closed;
  }

  /** Requests under way end first, but streams have no end of their own. */
  async #drained(slot: Slot<World>): Promise<void> {
    for (let waited = 0; slot.visits > 0 && waited < MAX_DRAIN_MS; waited += DRAIN_STEP_MS) await setTimeout(DRAIN_STEP_MS);
  }

  async #changing<Result>(name: string, change: () => Promise<Result>): Promise<Result> {
    refuseHome(name);
    return this.#changes.take(async () => {
      this.#folder(name);
      this.#held.add(name);
      try {
        const slot = this.#slots.get(name);
        if (slot !== undefined) await this.#close(slot);
        return await change();
      } finally {
        this.#held.delete(name);
      }
    });
  }

  #remember(name: string, connected: boolean): void {
    const { file } = this.#folder(name);
    if (file instanceof DoppelwerkError || opensWithServer(file) === connected) return;
    this.#options.folders.changeOpen(name, (known) => openingFile(known, connected));
  }

  async #inTime(opened: Promise<World>, name: string): Promise<World> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = globalThis.setTimeout(
        () => reject(new DoppelwerkError("DW_UNAVAILABLE", message("server.worldOpening", { name }))),
        this.#options.maxWaitMs ?? MAX_WAIT_MS,
      );
    });
    try {
      return await Promise.race([opened, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function opensWithServer({ archivedAt, opensWithServer: opens }: WorldFile): boolean {
  return opens === true && archivedAt === undefined;
}

function refuseHome(name: string): void {
  if (name === HOME_WORLD) throw new DoppelwerkError("DW_CONFLICT", message("server.worldIsHome", { name }));
}
