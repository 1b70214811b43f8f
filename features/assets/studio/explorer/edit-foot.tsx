import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { momentText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { versionsOf } from "./recorded.ts";
import type { Recorded } from "./recorded.ts";

/** Below a form that was begun: what is wrong, what others changed meanwhile, and the way out of it. */
export function EditFoot({
  busy,
  problem,
  overtaken,
  of,
  isBlocked = false,
  onForget,
  children,
}: {
  readonly busy: boolean;
  readonly problem: ReactNode | undefined;
  /** What others changed meanwhile and is changed here too, in words; undefined = nothing. */
  readonly overtaken: string | undefined;
  /** Whose history tells who it was; undefined where it has none. */
  readonly of: Recorded | undefined;
  /** It cannot be saved, as is told beside the field, or there is nothing to be saved. */
  readonly isBlocked?: boolean;
  readonly onForget: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-edit-foot">
      {problem !== undefined && (
        <p className="dw-note is-trouble dw-edit-note" role="alert">
          {problem}
        </p>
      )}
      {overtaken !== undefined && <Overtaken what={overtaken} of={of} />}
      {children}
      <Button size="sm" variant="default" onClick={onForget}>
        {t(overtaken === undefined ? "frame.cancel" : "assets.explorer.takeTheirs")}
      </Button>
      <Button size="sm" type="submit" loading={busy} disabled={problem !== undefined || isBlocked}>
        {t(overtaken === undefined ? "assets.frame.save" : "assets.explorer.saveMine")}
      </Button>
    </div>
  );
}

/** Who changed it meanwhile, when, and what it is now. */
function Overtaken({ what, of }: { readonly what: string; readonly of: Recorded | undefined }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const commits = useStore(studio.commits);
  const versions = useLoad(of && versionsOf(of, branch), { again: commits });
  const last = versions.value?.[0];
  return (
    <p className="dw-note dw-edit-note" role="alert">
      {last === undefined
        ? t("assets.explorer.changedMeanwhile", { what })
        : t("assets.explorer.changedMeanwhileBy", { who: last.name, moment: momentText(last.at, zone, language), what })}
    </p>
  );
}
