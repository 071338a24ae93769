/** Child of crash.test: saves generation after generation and says which are safe, until it is killed. Arguments: path, first. */
import { FileOffsetStore } from '../../src/offsets/file-offset-store';

async function main(): Promise<void> {
  const [path, first] = process.argv.slice(2);
  const store = await FileOffsetStore.open(String(path));
  for (let position = Number(first); ; position++) {
    await store.save([
      ['["c",{"filename":"umlaute.txt"}]', JSON.stringify({ position })],
      ['["d",{"filename":"umlaute.txt"}]', JSON.stringify({ position })],
    ]);
    process.stdout.write(`${position}\n`);
  }
}

void main();
