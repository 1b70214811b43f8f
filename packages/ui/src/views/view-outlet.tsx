import { lazy, Suspense, useState } from "react";
import type { ComponentType, LazyExoticComponent, ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { createStore, useStore } from "../store/store.ts";
import type { View } from "../slots/slot.ts";
import { ViewFence } from "./view-fence.tsx";
import type { PlainCode } from "../language/catalogues.ts";

// React keeps what was loaded, and that loading failed, for as long as a component lives: one component a view and try.
const components = new WeakMap<View["load"], { readonly edition: string; readonly shown: LazyExoticComponent<ComponentType<object>> }>();

function componentOf(load: View["load"], edition: string): LazyExoticComponent<ComponentType<object>> {
  const held = components.get(load);
  if (held?.edition === edition) return held.shown;
  return keepComponent(load, edition, load);
}

function keepComponent(key: View["load"], edition: string, load: View["load"]): LazyExoticComponent<ComponentType<object>> {
  const shown = lazy(load as () => Promise<{ readonly default: ComponentType<object> }>);
  components.set(key, { edition, shown });
  return shown;
}

/** Of the product's own views, which are those of the build. */
const ONE_EDITION = createStore("");

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
  props,
}: {
  readonly view: View<object, ComponentType<Props>>;
  /** Of what it shows: a change tries again. */
  readonly at?: string;
  /** `undefined` leaves waiting to what is around it. */
  readonly waiting?: ReactNode;
  readonly props?: Props;
}): ReactNode {
  const { t } = useWords();
  const { title } = view.data as { readonly title?: PlainCode };
  const [turn, setTurn] = useState(0);
  const edition = useStore(view.pack?.edition ?? ONE_EDITION);
  const retry = (): void => {
    keepComponent(view.load, edition, loadAgain(view.load, turn + 1));
    setTurn(turn + 1);
  };
  const Shown = componentOf(view.load, edition);
  const name = title === undefined ? view.id : t(title);
  const shown = <Shown {...(props ?? {})} />;
  return (
    <ViewFence
      name={view.pack === undefined ? name : t("frame.partOfPack", { name, pack: view.pack.name })}
      at={`${view.id} ${at} ${edition}`}
      onRetry={retry}
    >
      {waiting === undefined ? shown : <Suspense fallback={waiting}>{shown}</Suspense>}
    </ViewFence>
  );
}
