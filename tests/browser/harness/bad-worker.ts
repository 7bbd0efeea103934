// A worker that breaks its word once it gets a task: by its name it hangs or dies.

const badly: Readonly<Record<string, () => void>> = {
  hang() {
    for (;;);
  },
  die() {
    throw new Error('on purpose');
  },
};

addEventListener('message', ({ data }: MessageEvent<{ type: string }>) => {
  if (data.type === 'compute') badly[self.name]?.();
});

postMessage({ type: 'ready' });
