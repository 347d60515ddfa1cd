#include "tests/support/widgets/widgetsupport.h"
