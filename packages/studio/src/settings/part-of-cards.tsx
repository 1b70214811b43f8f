import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { anchorOf, titleOf, useStore, useStudio, useWords, ViewOutlet, type SettingCard } from "@doppelwerk/ui";

/** Cards come one after the other and move those below: for so long the one that the address names is kept in sight. */
const SETTLES_MS = 3_000;

/** The cards of a part, one below the other. The one that the address names is scrolled to and has the focus. */
export default function PartOfCards({ cards }: { readonly cards: readonly SettingCard[] }): ReactNode {
  const { card } = useStore(useStudio().address.store);
  const { t } = useWords();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const shown = [...(list.current?.querySelectorAll<HTMLElement>("[data-card]") ?? [])];
    const target = shown.find(({ dataset }) => dataset["card"] === card);
    if (target === undefined) return undefined;
    target.focus({ preventScroll: true });
    return keepInSight(target, list.current!);
  }, [card]);
  return (
    <div className="dw-settings-cards" ref={list}>
      {cards.map((each) => {
        const title = titleOf(each);
        return (
          <div
            key={each.id}
            className="dw-setting"
            data-card={anchorOf(each)}
            role="group"
            aria-label={title === undefined ? each.id : t(title)}
            tabIndex={-1}
          >
            <ViewOutlet view={each as never} />
          </div>
        );
      })}
    </div>
  );
}

/** Until it stands still, or somebody scrolls or types. */
function keepInSight(target: HTMLElement, list: HTMLElement): () => void {
  const show = (): void => target.scrollIntoView?.({ block: "start" });
  const sizes = new ResizeObserver(show);
  const stop = (): void => {
    sizes.disconnect();
    clearTimeout(timer);
    for (const kind of MOVES) removeEventListener(kind, stop, true);
  };
  const timer = setTimeout(stop, SETTLES_MS);
  for (const kind of MOVES) addEventListener(kind, stop, true);
  sizes.observe(list);
  show();
  return stop;
}

const MOVES = ["wheel", "touchstart", "pointerdown", "keydown"] as const;
