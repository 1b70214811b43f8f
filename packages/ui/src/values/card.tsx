import { Button, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import { ErrorCode } from "./problem.tsx";
import type { Loaded } from "../session/use-load.ts";
import { AuditLink } from "./audit-link.tsx";
import { Heading, HeadingLevel } from "./heading.tsx";

/** A panel of a view: its title says the finding or the question, its note the terms. */
export function Card({
  title,
  note,
  children,
  className = "",
  audit,
}: {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** The figure whose inputs its sign leads to: how the figures of the card are computed. */
  readonly audit?: string;
}): ReactNode {
  return (
    <section className={`dw-card ${className}`}>
      <header className="dw-card-head">
        <Heading>{title}</Heading>
        {audit !== undefined && <AuditLink figure={audit} />}
        {note !== undefined && <small>{note}</small>}
      </header>
      <HeadingLevel>{children}</HeadingLevel>
    </section>
  );
}

/** A part of a card with a title of its own. */
export function CardPart({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }): ReactNode {
  return (
    <section className="dw-card-part">
      <Heading className="dw-card-part-title">{title}</Heading>
      {children}
    </section>
  );
}

/** What will be here and the one action that brings it. */
export function Empty({
  title,
  text,
  action,
  onAction,
  children,
}: {
  readonly title: string;
  readonly text?: string;
  readonly action?: string;
  readonly onAction?: () => void;
  /** A second way on. */
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className="dw-empty">
      <Heading>{title}</Heading>
      {text !== undefined && <span>{text}</span>}
      {action !== undefined && (
        <Button variant="default" onClick={onAction}>
          {action}
        </Button>
      )}
      {children}
    </div>
  );
}

/** The outline of a view or panel that is on its way; says so only when it takes a while. */
export function Waiting(): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-page dw-waiting" role="status">
      <span>{t("frame.loading")}</span>
      <i />
      <i />
      <i />
    </div>
  );
}

/** What failed, why, what to do, and the code to search for. */
export function Failure({
  message,
  code,
  onRetry,
}: {
  readonly message: string;
  /** Of the error; a view of the product always has one. */
  readonly code?: string | undefined;
  readonly onRetry?: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-empty" role="alert">
      <Heading>{t("frame.failedTitle")}</Heading>
      <span>{message}</span>
      <ErrorCode code={code} />
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry}>
          {t("frame.retry")}
        </Button>
      )}
    </div>
  );
}

/** Beside what was read before: that it could not be read again, and why. */
export function NotReadAgain({ loaded }: { readonly loaded: Loaded<unknown> & { readonly reload: () => void } }): ReactNode {
  const { t } = useWords();
  if (loaded.kind !== "failed") return null;
  return (
    <p className="dw-note is-trouble" role="alert">
      {loaded.message} <ErrorCode code={loaded.code} />{" "}
      <UnstyledButton className="dw-text-link" onClick={loaded.reload}>
        {t("frame.retry")}
      </UnstyledButton>
    </p>
  );
}
