import { Fragment, type ReactNode } from "react";

/** What people wrote: headings (`#`), lists (`-`), **bold**, links to pages of this server and to https. Nothing of it is markup of the page. */
export function TextShape({ text }: { readonly text: string }): ReactNode {
  const blocks = text.split(/\n{2,}/).slice(0, 200);
  return (
    <div className="dw-tile-text">
      {blocks.map((block, index) => (
        <Block key={index} text={block} />
      ))}
    </div>
  );
}

function Block({ text }: { readonly text: string }): ReactNode {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => line.startsWith("- ")))
    return (
      <ul>
        {lines.map((line, index) => (
          <li key={index}>
            <Inline text={line.slice(2)} />
          </li>
        ))}
      </ul>
    );
  const heading = /^#{1,3} /.exec(text);
  if (heading !== null && lines.length === 1) return <strong className="dw-tile-heading">{text.slice(heading[0].length)}</strong>;
  return (
    <p>
      {lines.map((line, index) => (
        <Fragment key={index}>
          {index > 0 && <br />}
          <Inline text={line} />
        </Fragment>
      ))}
    </p>
  );
}

const MARK = /(\*\*[^*]{1,500}\*\*|\[[^\]]{1,300}\]\([^)\s]{1,1000}\))/;

function Inline({ text }: { readonly text: string }): ReactNode {
  return text.split(MARK).map((part, index) => {
    if (part.startsWith("**") && part.endsWith("**") && part.length > 4) return <b key={index}>{part.slice(2, -2)}</b>;
    const [, label, address] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part) ?? [];
    if (label === undefined || address === undefined || !isSafe(address)) return <Fragment key={index}>{part}</Fragment>;
    return (
      <a key={index} href={address} {...(address.startsWith("/") ? {} : { target: "_blank", rel: "noreferrer" })}>
        {label}
      </a>
    );
  });
}

/** A page of this server, or one of another over TLS: nothing that runs. */
function isSafe(address: string): boolean {
  return /^\/(?!\/)/.test(address) || /^https:\/\/[^\s/]/.test(address);
}
