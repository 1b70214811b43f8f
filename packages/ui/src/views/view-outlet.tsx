import { lazy, Suspense, useState } from "react";
import type { ComponentType, LazyExoticComponent, ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { View } from "../slots/slot.ts";
import { ViewFence } from "./view-fence.tsx";
import type { PlainCode } from "../language/catalogues.ts";

// React keeps what was loaded, and that loading failed, for as long as a component lives: one component a view and try.
const components = new WeakMap<View["load"], LazyExoticComponent<ComponentType<object>>>();

function componentOf(load: View["load"]): LazyExoticComponent<ComponentType<object>> {
  const held = components.get(load);
  if (held !== undefined) return held;
  const made = lazy(load as () => Promise<{ readonly default: ComponentType<object> }>);
  components.set(load, made);
  return made;
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
  const retry = (): void => {
    const again = loadAgain(view.load, turn + 1);
    components.set(view.load, lazy(again as () => Promise<{ readonly default: ComponentType<object> }>));
    setTurn(turn + 1);
  };
  const Shown = componentOf(view.load);
  const shown = <Shown {...(props ?? {})} />;
  return (
    <ViewFence name={title === undefined ? view.id : t(title)} at={`${view.id} ${at}`} onRetry={retry}>
      {waiting === undefined ? shown : <Suspense fallback={waiting}>{shown}</Suspense>}
    </ViewFence>
  );
}
