import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RefObject, UIEvent } from "react";
import { windowOf } from "./shell-tree.ts";
import type { ShellTree, TreeRow } from "./shell-tree.ts";

/** Pixels; on a phone a row is as high as a finger is wide. */
const [ROW_HEIGHT, ROW_HEIGHT_ON_PHONE] = [28, 44];

interface TreeWindow {
  /** Of the element that scrolls. */
  readonly host: RefObject<HTMLDivElement | null>;
  readonly rowHeight: number;
  /** Rows that are painted, the first of them at `from`. */
  readonly from: number;
  readonly rows: readonly TreeRow[];
  /** Rows of one page. */
  readonly pageRows: number;
  readonly onScroll: (event: UIEvent) => void;
  /** Scrolls as little as is needed to show a row. */
  readonly show: (index: number) => void;
}

/** The part of a tree that is on the screen; more of it is loaded when its end is near. The row of `selectedKey` is scrolled to once it is here. */
export function useTreeWindow(tree: ShellTree, selectedKey: string | undefined): TreeWindow {
  const isPhone = useMediaQuery("(max-width: 700px)") ?? false;
  const rowHeight = isPhone ? ROW_HEIGHT_ON_PHONE : ROW_HEIGHT;
  const host = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height));
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  const { from, to, more } = windowOf(tree.count, rowHeight, scrolled, height);
  useEffect(() => {
    if (more && tree.state === "partly") void tree.more();
  });
  const selected = selectedKey === undefined ? -1 : tree.indexOf(selectedKey);
  const isHere = selected >= 0;
  useEffect(() => {
    if (!isHere) return;
    const [top, element] = [selected * rowHeight, host.current!];
    if (top < element.scrollTop || top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = Math.max(0, top - element.clientHeight / 3);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when another row is selected
  }, [selectedKey, isHere]);
  const show = (index: number): void => {
    const element = host.current!;
    const [top, bottom] = [index * rowHeight, (index + 1) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  };
  return {
    host,
    rowHeight,
    from,
    rows: tree.rows(from, to),
    pageRows: Math.max(1, Math.floor(height / rowHeight) - 1),
    onScroll: (event) => setScrolled(event.currentTarget.scrollTop),
    show,
  };
}
