import { message } from "@doppelwerk/messages";
import { createStore, shell } from "@doppelwerk/ui";
import type { PackOfView, RailLane, RailMark, Store, Studio, View } from "@doppelwerk/ui";
import { DoppelwerkError } from "@doppelwerk/world";
import { loadPackModule } from "./pack-module.ts";
import { withOwnReactNamed } from "./own-react-fence.tsx";
import type { DeclaredView, PackPart } from "./pack-parts.ts";

export interface PackHost {
  /** Loads the kit with its styles; a module of a pack is loaded beside it. */
  readonly loadKit: () => Promise<unknown>;
  /** What went wrong in a part that is no component, and so has no fence. */
  readonly report: (pack: string, view: string, error: unknown) => void;
}

/** The parts of packs as views of the registry. */
export interface PackViews {
  readonly views: readonly View[];
  /** Takes the parts as they are now: what is shown of a pack that changed is loaded again. False where they declare other views: then they are made anew. */
  follow(parts: readonly PackPart[]): boolean;
}

/** Views of packs beside those that are there. One whose id, page or tab is there already is reported and left out. */
export function packViews(parts: readonly PackPart[], present: readonly View[], host: PackHost): PackViews {
  const current = new Map(parts.map((part) => [keyOf(part), part]));
  const editions = new Map(parts.map((part) => [keyOf(part), createStore(part.base)]));
  const declared = declarationsOf(parts);
  const taken = new Set(present.flatMap(namesOf));
  const views: View[] = [];
  for (const part of parts) {
    const key = keyOf(part);
    for (const declared of part.views) {
      const made = viewOf(declared, part.pack, editions.get(key)!, () => current.get(key)!, host);
      const clash = namesOf(made).find((name) => taken.has(name));
      if (clash === undefined) {
        views.push(made);
        for (const name of namesOf(made)) taken.add(name);
      } else
        host.report(part.pack, made.id, new DoppelwerkError("DW_CONFLICT", message("frame.packNameTaken", { pack: part.pack, id: clash })));
    }
  }
  return {
    views,
    follow(next) {
      if (declarationsOf(next) !== declared) return false;
      for (const part of next) {
        current.set(keyOf(part), part);
        editions.get(keyOf(part))!.set(part.base);
      }
      return true;
    },
  };
}

function keyOf({ pack, feature }: PackPart): string {
  return `${pack} ${feature}`;
}

/** All that parts declare, but for the files that views load. */
function declarationsOf(parts: readonly PackPart[]): string {
  return JSON.stringify(parts.map((part) => [keyOf(part), part.views.map((view) => ({ ...view, load: undefined }))]));
}

/** Everything of a view that is there once. */
function namesOf({ id, at, data }: View): readonly string[] {
  const { path, name } = data as { readonly path?: string; readonly name?: string };
  return [id, ...(at === shell.page.at ? [path!] : []), ...(at === shell.tab.at ? [`tab ${name}`] : [])];
}

function viewOf(declared: DeclaredView, pack: string, edition: Store<string>, part: () => PackPart, { loadKit, report }: PackHost): View {
  const { at, id, load: path, ...data } = declared;
  const ofPack: PackOfView = { name: pack, edition };
  const load = async (): Promise<{ readonly default: unknown }> => {
    const { base, views, ...rest } = part();
    const ownReact = rest.ownReact?.[id];
    // the file may be another one by now
    const file = views.find((view) => view.id === id)?.load ?? path;
    const [loaded] = await Promise.all([loadPackModule(base, file.slice(2)), loadKit()]);
    return { default: fenced(at, loaded, { file, report: (error) => report(pack, id, error), ...(ownReact && { ownReact }) }) };
  };
  return { at, id, data, load, pack: ofPack };
}

interface Fencing {
  readonly file: string;
  readonly report: (error: unknown) => void;
  readonly ownReact?: string;
}

/** What a slot takes, and what of it runs outside of a component held. Errors: DW_INVALID for anything else. */
function fenced(at: string, loaded: unknown, { file, report, ownReact }: Fencing): unknown {
  if (at === shell.lane.at && isLane(loaded)) return fencedLane(loaded, file, report);
  if (at === shell.action.at && typeof loaded === "function") return fencedAction(loaded as (studio: Studio) => unknown, report);
  if (at !== shell.lane.at && at !== shell.action.at && isComponent(loaded))
    return ownReact === undefined ? loaded : withOwnReactNamed(loaded, ownReact);
  throw new DoppelwerkError("DW_INVALID", message("frame.packNoView", { file }));
}

/** A function, or what `memo` and `forwardRef` make. */
function isComponent(loaded: unknown): loaded is React.ComponentType<object> {
  return typeof loaded === "function" || (typeof loaded === "object" && loaded !== null && "$$typeof" in loaded);
}

function isLane(loaded: unknown): loaded is RailLane {
  const { marks, words } = (loaded ?? {}) as Partial<RailLane>;
  return typeof marks === "function" && typeof words === "function";
}

const SHAPES: readonly unknown[] = [1, 2, 3, 4, "dot", "ring", "wideRing", "square"] satisfies readonly RailMark["shape"][];
/** At most one in a cell of some pixels, over the widest screens. */
const MAX_MARKS = 10_000;

function isMark(mark: Partial<RailMark> | null): boolean {
  return Number.isFinite(mark?.at) && SHAPES.includes(mark?.shape) && Number.isFinite(mark?.count);
}

/** A lane that throws, or answers what is no mark or no words, has no marks from then on. */
function fencedLane(lane: RailLane, file: string, report: (error: unknown) => void): RailLane {
  let isBroken = false;
  const guard = <Result>(run: () => Result, otherwise: Result): Result => {
    if (isBroken) return otherwise;
    try {
      return run();
    } catch (error) {
      isBroken = true;
      // words are asked for while the Rail is drawn
      queueMicrotask(() => report(error));
      return otherwise;
    }
  };
  const held = <Answer>(answer: Answer, isAnswer: boolean): Answer => {
    if (!isAnswer) throw new DoppelwerkError("DW_INVALID", message("frame.packBadLane", { file }));
    return answer;
  };
  return {
    marks(rail, scale) {
      return guard(() => {
        const marks = lane.marks(rail, scale);
        return held(marks, Array.isArray(marks) && marks.length <= MAX_MARKS && marks.every(isMark));
      }, []);
    },
    words(mark, t) {
      return guard(
        () => {
          const words = lane.words(mark, t);
          return held(words, typeof words?.name === "string" && typeof words.text === "string");
        },
        { name: "", text: "" },
      );
    },
    link: (mark) => guard(() => lane.link?.(mark) ?? {}, {}),
  };
}

function fencedAction(run: (studio: Studio) => unknown, report: (error: unknown) => void) {
  return (studio: Studio): void => {
    void (async () => run(studio))().catch(report);
  };
}
