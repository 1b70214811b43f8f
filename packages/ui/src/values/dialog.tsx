import { Modal } from "@mantine/core";
import type { ModalProps } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";

/** A dialog of the studio. However it is closed, also by being taken out of the page, the focus returns to what opened it. */
export function Dialog(props: ModalProps): ReactNode {
  const opener = useRef<HTMLElement | undefined>(undefined);
  const wasOpen = useRef(false);
  // before the dialog takes the focus, which it does as soon as it is in the page
  if (props.opened && !wasOpen.current) opener.current = openerNow();
  wasOpen.current = props.opened;
  useEffect(() => {
    if (!props.opened) return undefined;
    return () => returnFocus(opener.current);
  }, [props.opened]);
  // its head is no banner of the page
  return <Modal {...props} attributes={{ header: { role: "none" } }} />;
}

/** What had the focus last: a button is disabled while it waits for what it asked for, and has lost it by then. */
let lastFocused: Element | undefined;
globalThis.document?.addEventListener("focusin", ({ target }) => {
  lastFocused = target as Element;
});

/** What has the focus, or had it last; of the item of a menu, which is gone by then, the button of the menu. */
function openerNow(): HTMLElement | undefined {
  const active = document.activeElement === document.body ? lastFocused : document.activeElement;
  const button = document.getElementById(active?.closest("[role=menu]")?.getAttribute("aria-labelledby") ?? "");
  return button ?? (active as HTMLElement | null | undefined) ?? undefined;
}

function returnFocus(element: HTMLElement | undefined): void {
  // after the focus was lost with what is taken away, and unless something else was given it
  setTimeout(() => {
    const { activeElement } = document;
    if (element?.isConnected === true && (activeElement === null || activeElement === document.body))
      element.focus({ preventScroll: true });
  });
}
