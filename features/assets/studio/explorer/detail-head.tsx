import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconLink, IconTerminal2 } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import { besideIdShort } from "./meaning.ts";

/** Name, kind and id of what is shown, with what can be done with it. */
export function DetailHead({
  title,
  name,
  kind,
  id,
  mark,
  children,
}: {
  readonly title: string;
  readonly name?: string | undefined;
  readonly kind: ReactNode;
  readonly id: string;
  /** Where it comes from. */
  readonly mark?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  const beside = besideIdShort(name, title);
  return (
    <header className="dw-detail-head">
      <div className="dw-grow">
        <h2>
          {title} {beside !== undefined && <span className="dw-detail-name">{beside}</span>}
        </h2>
        <small>
          <b>{kind}</b> <span className="dw-breaks">{id}</span>
        </small>
        {mark}
      </div>
      <div className="dw-detail-tools">{children}</div>
    </header>
  );
}

/** Copies the address at which the AAS API gives this, or the command that asks for it. */
export function CopyPath({ path }: { readonly path: string }): ReactNode {
  const { t } = useWords();
  const url = location.origin + path;
  return (
    <>
      <CopyTool label={t("assets.explorer.copyPath")} text={url}>
        <IconLink size={16} />
      </CopyTool>
      <CopyTool label={t("assets.explorer.copyCurl")} text={`curl -sS '${url.replaceAll("'", "%27")}'`}>
        <IconTerminal2 size={16} />
      </CopyTool>
    </>
  );
}

function CopyTool({ label, text, children }: { readonly label: string; readonly text: string; readonly children: ReactNode }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    // Browsers give the clipboard only to pages they hold for safe; then it is shown to be copied by hand.
    void (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error()))
      .then(() => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      })
      .catch(() => studio.notify("plain", label, text));
  };
  return (
    <Tool label={copied ? t("assets.inspector.copied") : label} onClick={copy}>
      {copied ? <IconCheck size={16} /> : children}
    </Tool>
  );
}

export function Tool({
  label,
  disabled = false,
  onClick,
  children,
}: {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
