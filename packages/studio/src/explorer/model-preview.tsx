import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { AmbientLight, Box3, DirectionalLight, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { useWords } from "../session/context.tsx";

/** A glTF 2.0 model to turn and look at. Only what is in the file is loaded; a frame is drawn only when something moved. */
export function ModelPreview({ bytes, name }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly name: string }): ReactNode {
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
    scene.add(new AmbientLight(undefined, 1.4), sun);
    renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    renderer.setSize(element.clientWidth, element.clientHeight);
    element.append(renderer.domElement);
    const controls = new OrbitControls(camera, renderer.domElement);
    const draw = (): void => renderer.render(scene, camera);
    controls.addEventListener("change", draw);
    let wanted = true;
    // Resources outside the file are not fetched: a model must not make this browser call anyone.
    const loader = new GLTFLoader();
    loader.manager.setURLModifier((url) => (/^(data|blob):/.test(url) ? url : "data:,"));
    loader.parseAsync(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), "").then(
      ({ scene: model }) => {
        if (!wanted) return;
        scene.add(model);
        const box = new Box3().setFromObject(model);
        const [center, size] = [box.getCenter(new Vector3()), box.getSize(new Vector3()).length() || 1];
        controls.target.copy(center);
        camera.position.copy(center).add(new Vector3(size * 0.7, size * 0.5, size * 0.9));
        camera.near = size / 1_000;
        camera.far = size * 20;
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
      renderer.dispose();
      renderer.domElement.remove();
    };
  }, [bytes]);
  if (problem !== undefined) return <p className="dw-note is-trouble">{t("explorer.modelFailed", { why: problem })}</p>;
  return <div ref={host} className="dw-model" role="img" aria-label={name} />;
}
