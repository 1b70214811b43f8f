import { useEffect } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";

/** The report of a case on paper, alone: its lines of Markdown as headings, lists and paragraphs. */
export function BreachSheet({ text, onPrinted }: { readonly text: string; readonly onPrinted: () => void }): ReactNode {
  useEffect(() => {
    window.addEventListener("afterprint", onPrinted);
    const timer = setTimeout(() => window.print(), 60);
    return () => {
      window.removeEventListener("afterprint", onPrinted);
      clearTimeout(timer);
    };
  }, [onPrinted]);
  return createPortal(
    <article className="dw-breach-sheet">
      {text.split("\n").map((line, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of one text, which does not change
        <Line key={at} text={line} />
      ))}
    </article>,
    document.body,
  );
}

function Line({ text }: { readonly text: string }): ReactNode {
  if (text.startsWith("# ")) return <h1>{text.slice(2)}</h1>;
  if (text.startsWith("## ")) return <h2>{text.slice(3)}</h2>;
  const [, title, value] = /^- \*\*(.+?)\*\*: ?(.*)$/.exec(text) ?? [];
  if (title !== undefined)
    return (
      <p>
        <b>{title}</b>: {value}
      </p>
    );
  return text === "" ? null : <p>{text.replace(/^ {2}- /, "· ")}</p>;
}
