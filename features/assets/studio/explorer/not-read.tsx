import type { ReactNode } from "react";
import { Empty, Failure, Waiting, useScope, useWords } from "@doppelwerk/kit/studio";
import type { Loaded } from "@doppelwerk/kit/studio";

/** In place of a document that is on its way or cannot be read; at a past instant mostly because it was not there yet. */
export function NotRead({
  loaded,
  past,
}: {
  readonly loaded: Loaded<unknown> & { readonly reload: () => void };
  readonly past: boolean;
}): ReactNode {
  const { time } = useScope();
  const { t } = useWords();
  if (loaded.kind !== "failed") return <Waiting />;
  if (!past) return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  return (
    <Empty
      title={t("assets.explorer.notThenTitle")}
      text={t("assets.explorer.notThenText", { why: loaded.message })}
      action={t("assets.explorer.showNow")}
      onAction={() => time.goLive()}
    />
  );
}
