/** The command under test with the plugins of test-plugins.ts; run by file name. */
import { main } from '../../src/cli';

void main(process.argv.slice(2), [require.resolve('./test-plugins')]);
