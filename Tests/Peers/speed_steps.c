// A bare loop around MuJoCo, which does what our policy has commanded: `bench peers` plays its turns.
//
//   speed_steps ROBOT.xml COMMANDS
//
// COMMANDS has four floats for each step: whether the robot begins anew before it, and what goes to the three motors.
#include <mujoco/mujoco.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { stepsInTick = 4, motors = 3 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void play(const mjModel *model, mjData *data, const float *commands, long count) {
    for (const float *step = commands; step < commands + 4 * count; step += 4) {
        if (step[0]) {
            mj_resetData(model, data);
            mj_forward(model, data);
        }
        for (int motor = 0; motor < motors; motor++) data->ctrl[motor] = step[1 + motor];
        for (int part = 0; part < stepsInTick; part++) mj_step(model, data);
    }
}

int main(int count, char **words) {
    char said[1000] = "no such file";
    mjModel *model = count == 3 ? mj_loadXML(words[1], NULL, said, sizeof said) : NULL;
    FILE *file = count == 3 ? fopen(words[2], "rb") : NULL;
    if (!model || !file || model->nu != motors) return printf("absent: no robot or no commands: %s\n", said), 0;
    fseek(file, 0, SEEK_END);
    long steps = ftell(file) / (4 * sizeof(float));
    rewind(file);
    float *commands = malloc(steps * 4 * sizeof(float));
    if (!steps || !commands || fread(commands, 4 * sizeof(float), steps, file) != (size_t)steps) return printf("absent: no commands\n"), 0;
    mjData *data = mj_makeData(model);
    play(model, data, commands, steps), play(model, data, commands, steps);
    printf("MuJoCo %s, clang %s\n", mj_versionString(), __clang_version__);
    fflush(stdout);
    for (char line[16]; fgets(line, sizeof line, stdin);) {
        double best = 0;
        for (double end = now() + 0.4; now() < end;) {
            double before = now();
            play(model, data, commands, steps);
            double rate = steps / (now() - before);
            if (rate > best) best = rate;
        }
        printf("%.9g\n", best);
        fflush(stdout);
    }
    return 0;
}
