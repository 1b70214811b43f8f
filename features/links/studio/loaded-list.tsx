import type { ReactNode } from "react";
import { Failure, NotReadAgain, useWords, type Loaded } from "@doppelwerk/kit/studio";

type Loading<Value> = Loaded<Value> & { readonly reload: () => void };

/** What was loaded, once it was; until then that it is on its way, or why it is not. */
export function LoadedList<Value>({
  loaded,
  children,
}: {
  readonly loaded: Loading<Value>;
  readonly children: (value: Value) => ReactNode;
}): ReactNode {
  const { t } = useWords();
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? (
      <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
    ) : (
      <p className="dw-fine">{t("frame.loading")}</p>
    );
  return (
    <>
      <NotReadAgain loaded={loaded} />
      {children(loaded.value)}
    </>
  );
}
