import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { lazy, startTransition, Suspense, useEffect, useState } from "react";
import type { ComponentType, LazyExoticComponent, ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { createStore, useStore } from "../store/store.ts";
import type { View } from "../slots/slot.ts";
import { ViewFence } from "./view-fence.tsx";
import type { PlainCode } from "../language/catalogues.ts";

type Component = ComponentType<object>;

/** The module of a view, asked for when it is first shown. */
interface Held {
  readonly edition: string;
  /** For those who wait in a boundary of their own. */
  readonly suspended: LazyExoticComponent<Component>;
  /** Once it is here. */
  component: Component | undefined;
  begin(): Promise<Component>;
}

/** Of the product's own views, which are those of the build. */
const ONE_EDITION = createStore("");

// What was loaded, and that loading failed, is kept for as long as a page lives: one module a view and try.
const modules = new WeakMap<View["load"], Held>();

function moduleOf(load: View["load"], edition: string): Held {
  const held = modules.get(load);
  return held?.edition === edition ? held : keepModule(load, edition, load);
}

function keepModule(key: View["load"], edition: string, load: View["load"]): Held {
  let loading: Promise<Component> | undefined;
  const begin = (): Promise<Component> => (loading ??= load().then((module) => (held.component = module.default as Component)));
  const held: Held = {
    edition,
    suspended: lazy(async () => ({ default: await begin() })),
    component: undefined,
    begin,
  };
  modules.set(key, held);
  return held;
}

/** Fetches a view, so that it is drawn at once where it is here by then. What goes wrong is said where it is shown. */
export function fetchView({ load, pack }: View): void {
  moduleOf(load, (pack?.edition ?? ONE_EDITION).get())
    .begin()
    .catch(() => {
      // whoever shows it has the same promise
    });
}

/**
 * A boundary alone would not do: React shows what it waited for in one no sooner than 300 ms after the fallback. What the view itself waits for, such as
 * its styles, is waited for in a transition, which has no such delay.
 */
function Awaited({ held, waiting, props }: { readonly held: Held; readonly waiting: ReactNode; readonly props: object }): ReactNode {
  const [{ component: Shown, failure }, set] = useState<{ readonly component?: Component; readonly failure?: unknown }>(() =>
    held.component === undefined ? {} : { component: held.component },
  );
  useEffect(() => {
    let isGone = false;
    const show = (next: { readonly component: Component } | { readonly failure: unknown }): void => {
      if (!isGone) startTransition(() => set(next));
    };
    held.begin().then(
      (component) => show({ component }),
      (error: unknown) => show({ failure: loadFailure(error) }),
    );
    return () => void (isGone = true);
  }, [held]);
  if (failure !== undefined) throw failure;
  return <Suspense fallback={waiting}>{Shown === undefined ? waiting : <Shown {...props} />}</Suspense>;
}

/** Browsers remember for as long as a page lives that a module could not be fetched: its file is asked for under another address. */
function loadAgain(load: View["load"], turn: number): View["load"] {
  return () =>
    load().catch((error: unknown) => {
      const address = error instanceof TypeError ? /https?:\/\/\S+\.js/.exec(error.message)?.[0] : undefined;
      if (address === undefined) throw error;
      return import(/* @vite-ignore */ `${address}?again=${turn}`) as ReturnType<View["load"]>;
    });
}

/** Shows a view: loaded when first shown, fenced, tried again on request or when `at` changes. */
export function ViewOutlet<Props extends object>({
  view,
  at = "",
  waiting = null,
  failed,
  props,
}: {
  readonly view: View<object, ComponentType<Props>>;
  /** Of what it shows: a change tries again. */
  readonly at?: string;
  /** `undefined` leaves waiting to what is around it. */
  readonly waiting?: ReactNode;
  /** What stands in its place where it fails, and a failure as large as a view has no room. */
  readonly failed?: (message: string, retry: () => void) => ReactNode;
  readonly props?: Props;
}): ReactNode {
  const { t } = useWords();
  const { title } = view.data as { readonly title?: PlainCode };
  const [turn, setTurn] = useState(0);
  const edition = useStore(view.pack?.edition ?? ONE_EDITION);
  const retry = (): void => {
    keepModule(view.load, edition, loadAgain(view.load, turn + 1));
    setTurn(turn + 1);
  };
  const held = moduleOf(view.load, edition);
  const Suspended = held.suspended;
  const name = title === undefined ? view.id : t(title);
  return (
    <ViewFence
      name={view.pack === undefined ? name : t("frame.partOfPack", { name, pack: view.pack.name })}
      at={`${view.id} ${at} ${edition}`}
      onRetry={retry}
      {...(failed && { failed })}
    >
      {waiting === undefined ? (
        <Suspended {...(props ?? {})} />
      ) : (
        <Awaited key={`${edition} ${turn}`} held={held} waiting={waiting} props={props ?? {}} />
      )}
    </ViewFence>
  );
}

/** What `import()` rejects with when the code did not arrive is a TypeError, in words of the browser. */
function loadFailure(error: unknown): unknown {
  if (error instanceof TypeError) return new DoppelwerkError("DW_UNAVAILABLE", message("frame.moduleNotLoaded"));
  return error ?? new Error("the view cannot be loaded");
}
