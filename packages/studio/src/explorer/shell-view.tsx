import { UnstyledButton } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { encodeId } from "@doppelwerk/aas";
import type { Shell, Submodel } from "@doppelwerk/aas";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store.ts";
import { Failure, Waiting } from "../values/card.tsx";
import { aasOf, apiPath, documentPath, ifThere, read } from "./aas-access.ts";
import type { ExplorerMoves } from "./explorer.tsx";
import { textIn } from "./meaning.ts";
import type { ExplorerPlace } from "./place.ts";
import { submodelIdsOf } from "./shell-tree.ts";
import { CopyPath, DetailHead } from "./detail-head.tsx";

const Identification = lazy(() => import("./identification.tsx").then((room) => ({ default: room.Identification })));

/** One shell: which asset it stands for, its submodels, its identification link. */
export function ShellView({
  id,
  place,
  moves,
}: {
  readonly id: string;
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const loaded = useLoad(
    async (signal) => {
      const api = aasOf(studio, branch);
      const shell = await read<Shell>(api, `/shells/${encodeId(id)}`, signal);
      const submodels = await Promise.all(
        submodelIdsOf(shell).map(async (of) => ({ id: of, head: await ifThere(read<Submodel>(api, `${documentPath(of)}/$metadata`)) })),
      );
      return { shell, submodels };
    },
    [id, branch, commits],
  );
  if (loaded.kind === "failed") return <Failure message={loaded.message} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <Waiting />;
  const { shell, submodels } = loaded.value;
  const { assetInformation: asset } = shell;
  return (
    <article className="dw-detail">
      <DetailHead title={shell.idShort ?? shell.id} name={textIn(shell.displayName, language)} kind={t("explorer.shell")} id={shell.id}>
        <CopyPath path={`${apiPath(branch, studio.world.get()?.world)}/shells/${encodeId(id)}`} />
      </DetailHead>
      {textIn(shell.description, language) !== undefined && <p className="dw-quiet">{textIn(shell.description, language)}</p>}
      <div className="dw-asset-columns">
        <section className="dw-block">
          <header>
            <h3>{t("explorer.asset")}</h3>
          </header>
          <dl className="dw-facts">
            <dt>{t("explorer.assetKind")}</dt>
            <dd>{asset.assetKind}</dd>
            {asset.globalAssetId !== undefined && (
              <>
                <dt>{t("explorer.globalAssetId")}</dt>
                <dd className="dw-breaks">{asset.globalAssetId}</dd>
              </>
            )}
            {asset.assetType !== undefined && (
              <>
                <dt>{t("explorer.assetType")}</dt>
                <dd className="dw-breaks">{asset.assetType}</dd>
              </>
            )}
            {(asset.specificAssetIds ?? []).map(({ name, value }) => (
              <Fact key={`${name} ${value}`} name={name} value={value} />
            ))}
          </dl>
        </section>
        <section className="dw-block">
          <header>
            <h3>{t("assets.submodels")}</h3>
            <span>{submodels.length}</span>
          </header>
          <ul className="dw-submodels">
            {submodels.map(({ id: of, head }) => (
              <li key={of}>
                <UnstyledButton
                  className="dw-list-line"
                  disabled={head === undefined}
                  onClick={() =>
                    moves.go({ mode: place.mode, ...(place.find !== undefined && { find: place.find }), shell: id, submodel: of })
                  }
                >
                  <IconStack2 size={15} stroke={1.6} />
                  <span>{head?.idShort ?? of}</span>
                  {head === undefined && <small>{t("explorer.notHere")}</small>}
                </UnstyledButton>
              </li>
            ))}
          </ul>
          <UnstyledButton className="dw-text-link" onClick={() => moves.go({ mode: "templates", shell: id })}>
            {t("explorer.fromTemplate")}
          </UnstyledButton>
        </section>
        <section className="dw-block">
          <header>
            <h3>{t("explorer.identification")}</h3>
            <span>IEC 61406</span>
          </header>
          <Suspense fallback={null}>
            <Identification shell={shell} />
          </Suspense>
        </section>
      </div>
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd className="dw-breaks">{value}</dd>
    </>
  );
}
