import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import {
  AmbientLight,
  Box3,
  DirectionalLight,
  DoubleSide,
  Mesh,
  MeshStandardMaterial,
  PMREMGenerator,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import type { Object3D } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { OBJLoader } from "three/addons/loaders/OBJLoader.js";
import { STLLoader } from "three/addons/loaders/STLLoader.js";
import { useWords } from "@doppelwerk/kit/studio";
import type { ModelFormat } from "./preview.ts";

interface ModelPreviewProps {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: ModelFormat;
  readonly name: string;
}

/** A model (glTF 2.0, STL, OBJ) to turn and look at. Only what is in the file is loaded; a frame is drawn only when something moved. */
export function ModelPreview({ bytes, format, name }: ModelPreviewProps): ReactNode {
  const { t } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useEffect(() => {
    const element = host.current!;
    let renderer: WebGLRenderer;
    try {
      renderer = new WebGLRenderer({ antialias: true, alpha: true });
    } catch (error) {
      setProblem((error as Error).message);
      return undefined;
    }
    const scene = new Scene();
    const camera = new PerspectiveCamera(40, element.clientWidth / element.clientHeight, 0.01, 10_000);
    const sun = new DirectionalLight();
    sun.position.set(2, 4, 3);
    scene.add(new AmbientLight(undefined, 0.6), sun);
    // Metal only shows what is around it, and a glTF that does not say is of metal: without a room it is black.
    const surroundings = new PMREMGenerator(renderer);
    const room = new RoomEnvironment();
    const reflected = surroundings.fromScene(room, 0.04);
    scene.environment = reflected.texture;
    room.dispose();
    surroundings.dispose();
    renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    renderer.setSize(element.clientWidth, element.clientHeight);
    element.append(renderer.domElement);
    const controls = new OrbitControls(camera, renderer.domElement);
    const draw = (): void => renderer.render(scene, camera);
    controls.addEventListener("change", draw);
    let wanted = true;
    modelIn(bytes, format).then(
      (model) => {
        if (!wanted) return;
        scene.add(model);
        const box = new Box3().setFromObject(model);
        const [center, size] = [box.getCenter(new Vector3()), box.getSize(new Vector3()).length() || 1];
        controls.target.copy(center);
        // On a narrow screen from further away, so that its width is seen whole.
        const away = size / Math.min(1, camera.aspect);
        camera.position.copy(center).add(new Vector3(away * 0.7, away * 0.5, away * 0.9));
        camera.near = size / 1_000;
        camera.far = away * 20;
        camera.updateProjectionMatrix();
        controls.update();
        draw();
        element.dataset.drawn = "yes";
      },
      (error: Error) => wanted && setProblem(error.message),
    );
    return () => {
      wanted = false;
      controls.dispose();
      reflected.dispose();
      renderer.dispose();
      renderer.domElement.remove();
    };
  }, [bytes, format]);
  if (problem !== undefined) return <p className="dw-note is-trouble">{t("assets.explorer.modelFailed", { why: problem })}</p>;
  return <div ref={host} className="dw-model-picture" role="img" aria-label={name} />;
}

/** Errors: rejects with what the loader says, or that there is nothing to see. */
async function modelIn(bytes: Uint8Array<ArrayBuffer>, format: ModelFormat): Promise<Object3D> {
  const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  if (format === "gltf") {
    // Resources outside the file are not fetched: a model must not make this browser call anyone.
    const loader = new GLTFLoader();
    loader.manager.setURLModifier((url) => (/^(data|blob):/.test(url) ? url : "data:,"));
    return (await loader.parseAsync(own, "")).scene;
  }
  // These formats have no colour of their own: the grey of the theme.
  const color = getComputedStyle(document.documentElement).getPropertyValue("--dw-muted").trim();
  const material = new MeshStandardMaterial({ color, side: DoubleSide });
  if (format === "stl") {
    const geometry = new STLLoader().parse(own);
    // Many writers leave the normals at zero.
    geometry.computeVertexNormals();
    // STL comes from CAD, where Z points up.
    return new Mesh(geometry.rotateX(-Math.PI / 2), material);
  }
  const model = new OBJLoader().parse(new TextDecoder().decode(bytes));
  // Materials of a library beside the file are not fetched either.
  model.traverse((part) => {
    if (part instanceof Mesh) part.material = material;
  });
  if (model.children.length === 0) throw new Error("no surface, line or point is in the file");
  return model;
}
