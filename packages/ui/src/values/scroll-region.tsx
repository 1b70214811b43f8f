import { useEffect, useRef, useState } from "react";
import type { CSSProperties, ReactNode, Ref } from "react";

/** A box whose content may be larger than it: scrolled by pointer, and by keys while there is more than it shows. */
export function ScrollRegion({
  label,
  className = "",
  style,
  role = "group",
  scroller,
  children,
}: {
  /** Its accessible name. */
  readonly label: string;
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly role?: "group" | "tabpanel";
  readonly scroller?: Ref<HTMLDivElement>;
  readonly children: ReactNode;
}): ReactNode {
  const own = useRef<HTMLDivElement | null>(null);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const element = own.current;
    if (element === null || globalThis.ResizeObserver === undefined) return undefined;
    const measure = (): void => setLong(element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1);
    const sizes = new ResizeObserver(measure);
    const watch = (): void => {
      sizes.disconnect();
      sizes.observe(element);
      for (const child of element.children) sizes.observe(child);
    };
    watch();
    const children = new MutationObserver(watch);
    children.observe(element, { childList: true });
    return () => {
      sizes.disconnect();
      children.disconnect();
    };
  }, []);
  const set = (element: HTMLDivElement | null): void => {
    own.current = element;
    if (typeof scroller === "function") scroller(element);
    else if (scroller) scroller.current = element;
  };
  const isNamed = isLong || role !== "group";
  return (
    <div
      ref={set}
      className={`dw-scroll ${className}`.trim()}
      style={style}
      {...(isNamed && { role, "aria-label": label })}
      {...(isLong && { tabIndex: 0 })}
    >
      {children}
    </div>
  );
}
