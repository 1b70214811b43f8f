import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { inLanguage, useStore, useWords } from "@doppelwerk/kit/studio";
import type { KnownTileKind } from "../contract.ts";
import { newTileId, type BoardSession, type Refusal } from "./board-session.ts";
import type {} from "../message-codes.ts";

/** What a person set while somebody else set it otherwise: theirs stays, and what the person did is kept until they decide. */
export function Refusals({
  session,
  kinds,
}: {
  readonly session: BoardSession;
  readonly kinds: ReadonlyMap<string, KnownTileKind>;
}): ReactNode {
  const { refusals } = useStore(session.state);
  return refusals.map((refusal, index) => <OneRefusal key={index} refusal={refusal} session={session} kinds={kinds} />);
}

function OneRefusal({
  refusal,
  session,
  kinds,
}: {
  readonly refusal: Refusal;
  readonly session: BoardSession;
  readonly kinds: ReadonlyMap<string, KnownTileKind>;
}): ReactNode {
  const { t, language } = useWords();
  const { board } = useStore(session.state);
  const { act, text } = refusal;
  const set = act.act === "set" ? act : undefined;
  const kind = set && kinds.get(set.fields.kind);
  const now = board?.tiles.find(({ id }) => id === set?.tile);
  return (
    <div className="dw-boards-note" role="alert">
      <span>
        {set === undefined
          ? text
          : t("boards.yoursRefused", { title: set.fields.title ?? inLanguage(kind?.title, language), reason: text })}
      </span>
      <span className="dw-grow" />
      {set !== undefined && (
        <>
          {now !== undefined && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => session.settle(refusal, { act: "set", tile: set.tile, fields: set.fields })}
            >
              {t("boards.replaceTheirs")}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              session.settle(refusal, {
                act: "put",
                tile: newTileId(),
                fields: set.fields,
                place: now?.place ?? [{ key: 1_000, size: 1 }],
              })
            }
          >
            {t("boards.keepBoth")}
          </Button>
        </>
      )}
      <Button size="compact-sm" variant="default" onClick={() => session.settle(refusal)}>
        {t(set === undefined ? "boards.dismiss" : "boards.keepTheirs")}
      </Button>
    </div>
  );
}
