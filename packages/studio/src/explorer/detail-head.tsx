import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "../session/context.tsx";
import { saysTheSame } from "./meaning.ts";

/** Name, kind and id of what is shown, with what can be done with it. */
export function DetailHead({
  title,
  name,
  kind,
  id,
  children,
}: {
  readonly title: string;
  readonly name?: string | undefined;
  readonly kind: ReactNode;
  readonly id: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <header className="dw-detail-head">
      <div className="dw-grow">
        <h2>
          {title} {name !== undefined && !saysTheSame(name, title) && <span className="dw-detail-name">{name}</span>}
        </h2>
        <small>
          <b>{kind}</b> <span className="dw-breaks">{id}</span>
        </small>
      </div>
      <div className="dw-detail-tools">{children}</div>
    </header>
  );
}

/** Copies the address at which the AAS API gives this. */
export function CopyPath({ path }: { readonly path: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    const url = location.origin + path;
    // Browsers give the clipboard only to pages they hold for safe; then the address is shown to be copied by hand.
    void (navigator.clipboard?.writeText(url) ?? Promise.reject(new Error()))
      .then(() => {
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      })
      .catch(() => studio.notify("plain", t("explorer.copyPath"), url));
  };
  return (
    <Tool label={copied ? t("inspector.copied") : t("explorer.copyPath")} onClick={copy}>
      {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
    </Tool>
  );
}

export function Tool({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
