import { Button } from "@mantine/core";
import { IconListTree } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import type { PlantOfAction } from "@doppelwerk/kit/studio";
import { valuesDetail } from "./values-detail.ts";

/** From a connection to what comes over it. */
export default function ShowValues({ plant }: { readonly plant: PlantOfAction }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { connection } = plant;
  if (connection === undefined) return null;
  return (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconListTree size={16} />}
      onClick={() => studio.address.go({ view: "assets", detail: valuesDetail(connection) })}
    >
      {t("assets.home.show")}
    </Button>
  );
}
