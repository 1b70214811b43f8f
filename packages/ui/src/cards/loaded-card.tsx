import type { ReactNode } from "react";
import { useWords } from "../session/context.tsx";
import type { Loaded } from "../session/use-load.ts";
import { Card, Failure, NotReadAgain } from "../values/card.tsx";

/** What a card shows, while it is loaded, there, or not to be had. */
export type Loading<Value> = Loaded<Value> & { readonly reload: () => void };

interface LoadedProps<Value> {
  readonly loaded: Loading<Value>;
  readonly children: (value: Value) => ReactNode;
}

export interface LoadedCardProps<Value> extends LoadedProps<Value> {
  readonly title: ReactNode;
  readonly note?: (value: Value) => ReactNode;
  readonly className?: string;
  /** Codes of refusals that say that the server has nothing of it, or nothing for this person: there is no card then, nor before it is known. */
  readonly absentOn?: readonly string[];
}

/** A card of what is loaded: says that it is on its way, why it is not to be had, and beside what was read before that it could not be read again. */
export function LoadedCard<Value>({ title, note, className, absentOn, loaded, children }: LoadedCardProps<Value>): ReactNode {
  const { value } = loaded;
  if (value === undefined && absentOn !== undefined) {
    if (loaded.kind !== "failed" || absentOn.includes(loaded.code ?? "")) return null;
  }
  return (
    <Card
      title={title}
      {...(className !== undefined && { className })}
      {...(note !== undefined && value !== undefined && { note: note(value) })}
    >
      <LoadedPart loaded={loaded}>{children}</LoadedPart>
    </Card>
  );
}

/** The same within a card. */
export function LoadedPart<Value>({ loaded, children }: LoadedProps<Value>): ReactNode {
  const { t } = useWords();
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? (
      <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
    ) : (
      <p className="dw-fine" role="status">
        {t("frame.loading")}
      </p>
    );
  return (
    <>
      <NotReadAgain loaded={loaded} />
      {children(loaded.value)}
    </>
  );
}
